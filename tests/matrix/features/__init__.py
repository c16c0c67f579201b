"""The features of the matrix."""

from features import data, failing, reading, running

FEATURES = [
    data.Artifacts(), data.Constants(), data.BaseClass(), data.Parameters(), data.IncludedFiles(), data.Configs(),
    data.Merge(), data.Inputs(), data.Items(),
    failing.Retry(), failing.Caught(), failing.CaughtAfterRetry(), failing.TimedOut(),
    failing.Resume(), failing.ResumeAgain(), failing.ResumeFromStep(),
    running.Environment(), running.Resources(), running.Project(), running.Tags(), running.Namespaces(), running.Current(),
    running.With(), running.ExitHooks(), running.Variables(), running.Options(),
    reading.Logs(), reading.Client(), reading.Described(),
]  # fmt: skip
