"""`ruptures`' way of asking, for what is exact here: change one import.

    from backlot.signals import ruptures as rpt
    rpt.Pelt(model="l2").fit(x).predict(pen=10)       # the ends of the segments, the last one len(x)

Models "l1", "l2" and "normal"; series of one dimension. Searches look at every sample: `jump` is taken, and does nothing.
"""

from backlot import _signals, errors

__all__ = ["Binseg", "KernelCPD", "Pelt"]


class _Detector:
    _search = "pelt"
    _models = {"l1": "l1", "l2": "l2", "normal": "normal"}

    def __init__(self, model="l2", custom_cost=None, min_size=2, jump=5, params=None):
        if custom_cost is not None or model not in self._models:
            raise errors.of("unsupported")(f"there is no model {model!r} here", "", f"there are {', '.join(self._models)}")
        self.model, self.min_size, self.jump = model, min_size, jump
        self.signal = None

    def fit(self, signal):
        import numpy

        signal = numpy.asarray(signal, float)
        if signal.ndim == 2 and signal.shape[1] == 1:
            signal = signal[:, 0]
        if signal.ndim != 1:
            raise errors.of("unsupported")("series of several dimensions are not taken")
        self.signal = signal
        return self

    def predict(self, n_bkps=None, pen=None, epsilon=None):
        if self.signal is None:
            raise errors.of("usage")("fit() comes before predict()")
        if n_bkps is not None or epsilon is not None or pen is None:
            raise errors.of("unsupported")("only a penalty is taken", "", "predict(pen=…)")
        least = max(self.min_size, 2 if self.model == "normal" else 1)
        changes, *_ = _signals.change_points(self.signal, self._models[self.model], float(pen), self._search, least)
        return [*changes, len(self.signal)]

    def fit_predict(self, signal, n_bkps=None, pen=None, epsilon=None):
        return self.fit(signal).predict(n_bkps, pen, epsilon)


class Pelt(_Detector):
    """Exact."""


class Binseg(_Detector):
    """Not exact, as ruptures' is not."""

    _search = "binary"


class KernelCPD(_Detector):
    """With the linear kernel, which is "l2"; exact."""

    def __init__(self, kernel="linear", min_size=2, jump=1, params=None):
        if kernel != "linear":
            raise errors.of("unsupported")(f"there is no kernel {kernel!r} here", "", "there is linear")
        super().__init__("l2", None, min_size, jump, params)
        self.kernel = kernel
