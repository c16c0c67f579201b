// The module backlot._signals: the library of signals over NumPy arrays. It is one of its own, so that a task that
// needs none of it does not load it.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "apps/signals/report_page.h"
#include "backlot/base/error.h"
#include "backlot/signals/change.h"
#include "backlot/signals/change_points.h"
#include "backlot/signals/investigate.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/report_json.h"
#include "python/core/errors.h"

namespace backlot::python {
namespace {

namespace py = pybind11;
using namespace backlot::signals;
using namespace backlot::signals::app;

template <class T>
T named(std::initializer_list<T> all, const std::string& name, const char* what) {
  std::string known;
  for (T one : all) {
    if (name == name_of(one)) return one;
    known += (known.empty() ? "" : ", ") + std::string(name_of(one));
  }
  throw Error(ErrorCode::usage, std::string("there is no ") + what + " '" + name + "'", "there are " + known);
}

/// One dimension of doubles, where they lie (the buffer protocol): Python makes them doubles before.
class Array {
 public:
  explicit Array(const py::buffer& owner) : owner_(owner), buffer_(owner.request()) {
    if (buffer_.ndim != 1)
      throw Error(ErrorCode::usage, "a series has one dimension, and this has " + std::to_string(buffer_.ndim));
    if (buffer_.format != py::format_descriptor<double>::format())
      throw Error(ErrorCode::usage, "a series is of doubles, and this is of the format '" + buffer_.format + "'");
  }
  py::ssize_t size() const { return buffer_.shape[0]; }
  double operator[](py::ssize_t i) const {
    double value = 0;
    std::memcpy(&value, static_cast<const char*>(buffer_.ptr) + i * buffer_.strides[0], sizeof value);
    return value;
  }

 private:
  py::buffer owner_;
  py::buffer_info buffer_;
};

std::vector<double> contiguous(const Array& array) {
  std::vector<double> result;
  for (py::ssize_t i = 0; i < array.size(); ++i) result.push_back(array[i]);
  return result;
}

py::tuple changes(const py::buffer& array, const std::string& cost, std::optional<double> penalty,
                  std::optional<std::string> search, std::uint32_t min_size) {
  ChangeOptions options;
  options.cost = named({Cost::l2, Cost::normal, Cost::poisson, Cost::l1}, cost, "cost");
  options.penalty = penalty;
  if (search) options.search = named({Search::pelt, Search::functional, Search::binary}, *search, "search");
  options.min_size = min_size;
  const std::vector<double> samples = contiguous(Array(array));
  Segmentation found;
  std::vector<Change> described;
  {
    py::gil_scoped_release others_may_run;
    found = change_points(samples, options);
    described = describe(samples, options.cost, found.changes);
  }
  std::vector<std::string> kinds;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> intervals;
  for (const Change& change : described) {
    kinds.emplace_back(name_of(change.kind));
    intervals.emplace_back(change.low, change.high);
  }
  return py::make_tuple(found.changes, found.objective, found.penalty, std::string(name_of(found.search)),
                        std::string(name_of(found.support)), kinds, intervals);
}

/// Series that lie in arrays, each on a grid that begins before the window when there is history.
class Arrays : public SeriesSource {
 public:
  /// `back`: how long before the window that of each week before began, the last week first.
  Arrays(Nanos start, Nanos step, Window window, std::vector<Nanos> back)
      : start_(start), step_(step), window_(window), back_(std::move(back)) {}
  void add(const std::string& name, const std::optional<std::string>& kind, const py::buffer& array) {
    Labels labels = labels_of(name);
    const Kind found =
        kind ? named({Kind::gauge, Kind::counter, Kind::count}, *kind, "kind") : kind_by_name(labels.metric());
    try {
      series_.push_back({std::move(labels), found, Array(array)});
    } catch (const Error& error) { throw error.in(name); }
  }
  std::size_t size() const override { return series_.size(); }
  Labels labels(std::size_t i) const override { return series_[i].labels; }
  unsigned history_weeks() const override { return static_cast<unsigned>(back_.size()); }
  void read(std::size_t i, unsigned week, Samples& into) const override {
    const Series& series = series_[i];
    const Nanos begin = window_.begin - (week == 0 ? 0 : back_[week - 1]);
    into.kind = series.kind;
    into.unit.clear();
    into.assign({begin, step_, static_cast<std::uint32_t>((window_.end - window_.begin) / step_)});
    const Nanos first = (begin - start_) / step_;
    for (std::uint32_t k = 0; k < into.grid.count; ++k) {
      const Nanos place = first + k;
      if (place < 0 || place >= series.samples.size()) continue;
      const double value = series.samples[place];
      if (std::isnan(value)) continue;  // as pandas has it: there is none
      into.set(k, value);
    }
  }

 private:
  struct Series {
    Labels labels;
    Kind kind;
    Array samples;
  };
  Nanos start_, step_;
  Window window_;
  std::vector<Nanos> back_;
  std::vector<Series> series_;
};

struct Asked {
  Options options;
};

Report investigated(const Arrays& target, const Arrays& candidates, const Asked& asked) {
  Target wanted;
  wanted.labels = target.labels(0);
  target.read(0, 0, wanted.samples);
  wanted.weeks.resize(candidates.history_weeks());
  for (unsigned week = 1; week <= candidates.history_weeks(); ++week) target.read(0, week, wanted.weeks[week - 1]);
  py::gil_scoped_release others_may_run;
  return investigate(wanted, candidates, asked.options);
}

Labels labels_from(const std::map<std::string, std::string>& pairs) { return Labels({pairs.begin(), pairs.end()}); }

}  // namespace
}  // namespace backlot::python

PYBIND11_MODULE(_signals, module) {
  using namespace backlot::python;
  module.doc() = "From an alert to the few series that explain it: the C++ library.";
  translate_errors();
  module.def("change_points", &changes, py::arg("samples"), py::arg("cost"), py::arg("penalty"), py::arg("search"),
             py::arg("min_size"));
  module.def("support", [](const std::string& cost, const std::string& search) {
    return std::string(
        name_of(support_of(named({Cost::l2, Cost::normal, Cost::poisson, Cost::l1}, cost, "cost"),
                           named({Search::pelt, Search::functional, Search::binary}, search, "search"))));
  });
  module.def("objective",
             [](const Array& samples, const std::string& cost, double penalty, const std::vector<std::uint32_t>& at) {
               return objective_of(contiguous(samples),
                                   named({Cost::l2, Cost::normal, Cost::poisson, Cost::l1}, cost, "cost"), penalty, at);
             });
  py::class_<Arrays>(module, "Arrays")
      .def(py::init([](Nanos start, Nanos step, Nanos begin, Nanos end, std::vector<Nanos> back) {
        return Arrays(start, step, {begin, end}, std::move(back));
      }))
      .def("add", &Arrays::add);
  py::class_<Asked>(module, "Options")
      .def(py::init([] {
        Asked asked;
        asked.options.workers = std::max(1u, std::thread::hardware_concurrency());
        return asked;
      }))
      .def_property("alert_at", nullptr, [](Asked& a, Nanos v) { a.options.alert_at = v; })
      .def_property("look_back", nullptr, [](Asked& a, Nanos v) { a.options.look_back = v; })
      .def_property("horizon", nullptr, [](Asked& a, Nanos v) { a.options.horizon = v; })
      .def_property("max_lag", nullptr, [](Asked& a, Nanos v) { a.options.max_lag = v; })
      .def_property("volatile_labels", nullptr,
                    [](Asked& a, std::vector<std::string> v) { a.options.volatile_labels = std::move(v); })
      .def_property("service_label", nullptr, [](Asked& a, std::string v) { a.options.service_label = std::move(v); })
      .def_property("most_findings", nullptr, [](Asked& a, std::size_t v) { a.options.most_findings = v; })
      .def_property("workers", nullptr, [](Asked& a, unsigned v) { a.options.workers = v; })
      .def("add_event",
           [](Asked& a, Nanos at, std::string text, const std::map<std::string, std::string>& labels) {
             a.options.events.push_back({at, labels_from(labels), std::move(text)});
           })
      .def("absent_is_zero",
           [](Asked& a, const std::string& kind) {
             const Kind found = named({Kind::gauge, Kind::counter, Kind::count}, kind, "kind");
             a.options.absent_is[static_cast<std::size_t>(found)] = Absence::zero;
           })
      .def("add_call", [](Asked& a, std::string caller, std::string callee) {
        a.options.calls.push_back({std::move(caller), std::move(callee)});
      });
  py::class_<Report>(module, "Report")
      .def("json", [](const Report& report, bool with_charts) { return to_json(report, -1, with_charts); })
      .def("page", [](const Report& report) { return backlot::signals::app::report_page(report); })
      .def("outcome",
           [](const Report& report, std::size_t i) { return std::string(name_of(report.of_candidate.at(i))); });
  module.def("investigate", &investigated);
}
