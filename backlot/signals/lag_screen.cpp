#include "backlot/signals/lag_screen.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "backlot/base/error.h"

namespace backlot::signals {
namespace {

// Sixteen lags at once: one register with AVX-512, two with AVX2, four with SSE. The compiler makes all three.
typedef float Lanes __attribute__((vector_size(64)));
constexpr std::uint32_t lanes = 16;
#define BACKLOT_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#if !defined(__x86_64__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
#undef BACKLOT_VECTORISED
#define BACKLOT_VECTORISED  // one version: elsewhere there are no clones, and sanitizers start before they are chosen
#endif

inline __attribute__((always_inline)) void load(Lanes& into, const float* from) {
  std::memcpy(&into, from, sizeof into);
}

/// products[k][l] += x_k[t] × y[t + l] over all t, for `rows` candidates and 32 lags.
template <std::uint32_t rows>
inline __attribute__((always_inline)) void multiply(const float* const* x, const float* y, std::uint32_t count,
                                                    float* const* products) {
  Lanes low[rows] = {}, high[rows] = {};
  for (std::uint32_t t = 0; t < count; ++t) {
    Lanes a, b;
    load(a, y + t);
    load(b, y + t + lanes);
#pragma GCC unroll 8
    for (std::uint32_t k = 0; k < rows; ++k) {
      low[k] += x[k][t] * a;
      high[k] += x[k][t] * b;
    }
  }
  for (std::uint32_t k = 0; k < rows; ++k) {
    std::memcpy(products[k], &low[k], sizeof(Lanes));
    std::memcpy(products[k] + lanes, &high[k], sizeof(Lanes));
  }
}

BACKLOT_VECTORISED void multiply_all(const float* const* x, std::uint32_t rows, const float* y, std::uint32_t count,
                                     std::uint32_t width, float* const* products) {
  float* at[LagScreen::block];
  for (std::uint32_t l = 0; l < width; l += 2 * lanes) {
    for (std::uint32_t k = 0; k < rows; ++k) at[k] = products[k] + l;
    if (rows == LagScreen::block) {
      multiply<LagScreen::block>(x, y + l, count, at);
    } else {
      for (std::uint32_t k = 0; k < rows; ++k) multiply<1>(x + k, y + l, count, at + k);
    }
  }
}

/// sum[l] = the sum of from[place + l] over all places.
BACKLOT_VECTORISED void add_up(const float* from, const std::uint32_t* places, std::size_t count, std::uint32_t width,
                               float* sum) {
  for (std::uint32_t l = 0; l < width; l += 4 * lanes) {
    Lanes totals[4] = {};
    for (std::size_t i = 0; i < count; ++i) {
      const float* at = from + places[i] + l;
#pragma GCC unroll 4
      for (std::size_t k = 0; k < 4; ++k) {
        Lanes v;
        load(v, at + k * lanes);
        totals[k] += v;
      }
    }
    std::memcpy(sum + l, totals, sizeof totals);
  }
}

/// Samples around 0 and of a size around 1, 0 where they are missing.
struct Centred {
  std::vector<float> values;
  double sum = 0, square_sum = 0;
  std::vector<double> head, tail, square_head, square_tail;  // sums of the first and of the last so many
};

typedef double Doubles __attribute__((vector_size(64)));
typedef std::int64_t Masks __attribute__((vector_size(64)));
constexpr std::uint32_t doubles = 8;

/// Eight of (value - minus), 0 where they are missing; without a branch, for gaps cannot be foretold.
inline __attribute__((always_inline)) void load_there(Doubles& into, const double* values, double minus) {
  std::memcpy(&into, values, sizeof into);
  const Masks is_there = into == into;
  into = (Doubles)((Masks)(into - minus) & is_there);
}

BACKLOT_VECTORISED void centre(const double* values, std::uint32_t count, std::uint32_t there, std::uint32_t max_lag,
                               Centred& into) {
  constexpr std::uint32_t together = 4 * doubles;  // an addition need not wait for the one before
  const std::uint32_t whole = count / together * together;
  double mean = 0, square_sum = 0;
  for (bool squares : {false, true}) {
    Doubles sums[4] = {};
    for (std::uint32_t i = 0; i < whole; i += together) {
#pragma GCC unroll 4
      for (std::size_t k = 0; k < 4; ++k) {
        Doubles v;
        load_there(v, values + i + k * doubles, mean);
        sums[k] += squares ? v * v : v;
      }
    }
    const Doubles total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    double sum = 0;
    for (std::uint32_t k = 0; k < doubles; ++k) sum += total[k];
    for (std::uint32_t i = whole; i < count; ++i) {
      const double d = std::isnan(values[i]) ? 0 : values[i] - mean;
      sum += squares ? d * d : d;
    }
    squares ? square_sum = sum : mean = there ? sum / there : 0;
  }
  const double scale = square_sum > 0 ? 1 / std::sqrt(square_sum / there) : 0;
  into.values.resize(count);
  float* out = into.values.data();
  for (std::uint32_t i = 0; i < whole; i += doubles) {
    Doubles v;
    load_there(v, values + i, mean);
    typedef float Floats __attribute__((vector_size(32)));
    const Floats f = __builtin_convertvector(v * scale, Floats);
    std::memcpy(out + i, &f, sizeof f);
  }
  for (std::uint32_t i = whole; i < count; ++i)
    out[i] = static_cast<float>(std::isnan(values[i]) ? 0 : (values[i] - mean) * scale);

  into.sum = 0;  // of centred samples
  into.square_sum = square_sum * scale * scale;
  for (auto* sides : {&into.head, &into.tail, &into.square_head, &into.square_tail}) sides->assign(max_lag + 1, 0);
  for (std::uint32_t k = 0; k < max_lag; ++k) {
    const auto first = static_cast<double>(out[k]), last = static_cast<double>(out[count - 1 - k]);
    into.head[k + 1] = into.head[k] + first;
    into.square_head[k + 1] = into.square_head[k] + first * first;
    into.tail[k + 1] = into.tail[k] + last;
    into.square_tail[k + 1] = into.square_tail[k] + last * last;
  }
}

/// Where samples are missing, and how many of the first and of the last so many.
struct Gaps {
  std::vector<std::uint32_t> places;
  std::vector<std::uint32_t> head, tail;
};

void find_gaps(std::span<const double> values, std::uint32_t max_lag, Gaps& into) {
  const auto count = static_cast<std::uint32_t>(values.size());
  into.places.resize(count);
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    into.places[found] = i;
    found += std::isnan(values[i]);
  }
  into.places.resize(found);
  if (into.places.empty()) return;
  into.head.assign(max_lag + 1, 0);
  into.tail.assign(max_lag + 1, 0);
  for (std::uint32_t k = 0; k < max_lag; ++k) {
    into.head[k + 1] = into.head[k] + std::isnan(values[k]);
    into.tail[k + 1] = into.tail[k] + std::isnan(values[count - 1 - k]);
  }
}

/// What of the sums at each lag only the samples that meet have.
struct Meeting {
  std::vector<double> n, x, xx, y, yy;
};

/// r from the sums; NaN where too few meet, or one of the two does not move there: its variance is of rounding errors.
BACKLOT_VECTORISED void correlations(const Meeting& m, const float* products, std::uint32_t lags, double least,
                                     float* r) {
  const double *n = m.n.data(), *x = m.x.data(), *xx = m.xx.data(), *y = m.y.data(), *yy = m.yy.data();
  for (std::uint32_t l = 0; l < lags; ++l) {
    const double vx = n[l] * xx[l] - x[l] * x[l], vy = n[l] * yy[l] - y[l] * y[l], floor = 1e-6 * n[l] * n[l];
    const double both = vx > 0 && vy > 0 ? vx * vy : 1;
    const double value = (n[l] * static_cast<double>(products[l]) - x[l] * y[l]) / std::sqrt(both);
    const bool is_known = (n[l] >= least) & (vx > floor) & (vy > floor);
    r[l] = is_known ? static_cast<float>(value) : std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace

/// What is known of one block of candidates.
struct LagScreen::Room {
  struct Row {
    Centred centred;
    Gaps gaps;
    std::vector<float> products, r;
  };
  Row rows[block];
  Meeting meeting;
  std::vector<float> y, yy, both, x, xx, reversed, reversed_squares;
};

/// The target, as every candidate meets it.
struct LagScreen::CentredTarget {
  Centred centred;
  Gaps gaps;
  std::vector<std::uint32_t> backwards;         // the places of its gaps, counted from the end
  std::vector<float> padded, squares, missing;  // with max_lag zeros before and width after
};

LagScreen::LagScreen(std::span<const double> target, std::uint32_t max_lag, std::uint32_t least)
    : count_(static_cast<std::uint32_t>(target.size())),
      max_lag_(max_lag),
      lags_(2 * max_lag + 1),
      width_((lags_ + 4 * lanes - 1) / (4 * lanes) * (4 * lanes)),
      least_(std::max(3u, least)) {
  BACKLOT_ASSERT(max_lag < count_);
  auto made = std::make_shared<CentredTarget>();
  find_gaps(target, max_lag_, made->gaps);
  const auto there = count_ - static_cast<std::uint32_t>(made->gaps.places.size());
  centre(target.data(), count_, there, max_lag_, made->centred);
  for (std::uint32_t place : made->gaps.places) made->backwards.push_back(count_ - 1 - place);
  made->padded.assign(count_ + max_lag_ + width_, 0);
  made->squares = made->missing = made->padded;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const float value = made->centred.values[i];
    made->padded[max_lag_ + i] = value;
    made->squares[max_lag_ + i] = value * value;
    made->missing[max_lag_ + i] = std::isnan(target[i]) ? 1 : 0;
  }
  target_ = std::move(made);
}

/// Where the candidate is missing, the target's samples do not count; where the target is, the candidate's do not.
void LagScreen::meet(std::uint32_t k, Room& room) const {
  const Room::Row& row = room.rows[k];
  const CentredTarget& target = *target_;
  const bool x_gaps = !row.gaps.places.empty(), y_gaps = !target.gaps.places.empty();
  auto add_at = [&](const std::vector<std::uint32_t>& places, const std::vector<float>& from,
                    std::vector<float>& sums) {
    sums.resize(width_);
    add_up(from.data(), places.data(), places.size(), width_, sums.data());
  };
  if (x_gaps) {
    add_at(row.gaps.places, target.padded, room.y);
    add_at(row.gaps.places, target.squares, room.yy);
    if (y_gaps) add_at(row.gaps.places, target.missing, room.both);
  }
  if (y_gaps) {
    // Backwards, so that a place of the target meets the candidate at growing lags one behind the other.
    room.reversed.assign(count_ + max_lag_ + width_, 0);
    room.reversed_squares.assign(count_ + max_lag_ + width_, 0);
    for (std::uint32_t i = 0; i < count_; ++i) {
      const float value = row.centred.values[count_ - 1 - i];
      room.reversed[max_lag_ + i] = value;
      room.reversed_squares[max_lag_ + i] = value * value;
    }
    add_at(target.backwards, room.reversed, room.x);
    add_at(target.backwards, room.reversed_squares, room.xx);
  }
  Meeting& m = room.meeting;
  for (auto* sums : {&m.n, &m.x, &m.xx, &m.y, &m.yy}) sums->resize(lags_);
  for (std::uint32_t l = 0; l < lags_; ++l) {
    const bool leads = l >= max_lag_;  // the candidate's end and the target's beginning meet nothing
    const std::uint32_t shift = leads ? l - max_lag_ : max_lag_ - l;
    const Centred &x = row.centred, &y = target.centred;
    m.n[l] = count_ - shift;
    m.x[l] = x.sum - (leads ? x.tail : x.head)[shift];
    m.xx[l] = x.square_sum - (leads ? x.square_tail : x.square_head)[shift];
    m.y[l] = y.sum - (leads ? y.head : y.tail)[shift];
    m.yy[l] = y.square_sum - (leads ? y.square_head : y.square_tail)[shift];
    if (x_gaps) {
      m.n[l] -= static_cast<double>(row.gaps.places.size() - (leads ? row.gaps.tail : row.gaps.head)[shift]);
      m.y[l] -= static_cast<double>(room.y[l]);
      m.yy[l] -= static_cast<double>(room.yy[l]);
    }
    if (y_gaps) {
      m.n[l] -= static_cast<double>(target.gaps.places.size() - (leads ? target.gaps.head : target.gaps.tail)[shift]);
      m.x[l] -= static_cast<double>(room.x[l]);
      m.xx[l] -= static_cast<double>(room.xx[l]);
      if (x_gaps) m.n[l] += static_cast<double>(room.both[l]);
    }
  }
}

void LagScreen::correlate(std::span<const Values> candidates, Room& room) const {
  const auto rows = static_cast<std::uint32_t>(candidates.size());
  const float* x[block] = {};
  float* products[block] = {};
  for (std::uint32_t k = 0; k < rows; ++k) {
    const Values candidate = candidates[k];
    BACKLOT_ASSERT(candidate.size() == count_);
    Room::Row& row = room.rows[k];
    find_gaps(candidate, max_lag_, row.gaps);
    const auto there = count_ - static_cast<std::uint32_t>(row.gaps.places.size());
    centre(candidate.data(), count_, there, max_lag_, row.centred);
    row.products.resize(width_);
    x[k] = row.centred.values.data();
    products[k] = row.products.data();
  }
  multiply_all(x, rows, target_->padded.data(), count_, width_, products);
  for (std::uint32_t k = 0; k < rows; ++k) {
    meet(k, room);
    room.rows[k].r.resize(lags_);
    correlations(room.meeting, products[k], lags_, least_, room.rows[k].r.data());
  }
}

void LagScreen::best(std::span<const Values> candidates, std::span<LagCorrelation> into) const {
  thread_local Room room;
  for (std::size_t begin = 0; begin < candidates.size(); begin += block) {
    const std::size_t rows = std::min<std::size_t>(block, candidates.size() - begin);
    correlate(candidates.subspan(begin, rows), room);
    for (std::size_t k = 0; k < rows; ++k) {
      LagCorrelation best;
      float most = -1;
      // From the shortest lag outwards, so that of equal ones the first is kept.
      for (std::uint32_t shift = 0; shift <= max_lag_; ++shift) {
        for (std::uint32_t l : {max_lag_ + shift, max_lag_ - shift}) {
          const float r = room.rows[k].r[l];
          if (!(std::abs(r) > most)) continue;
          most = std::abs(r);
          best.r = std::clamp(static_cast<double>(r), -1.0, 1.0);
          best.lag = static_cast<std::int32_t>(l) - static_cast<std::int32_t>(max_lag_);
        }
      }
      into[begin + k] = best;
    }
  }
}

std::vector<float> LagScreen::all(Values candidate) const {
  thread_local Room room;
  correlate({&candidate, 1}, room);
  return room.rows[0].r;
}

double exact_correlation(Values x, Values y, std::int32_t lag) {
  double n = 0, sx = 0, sy = 0;
  auto each = [&](auto visit) {
    const auto count = static_cast<std::int64_t>(x.size());
    for (std::int64_t t = std::max<std::int64_t>(0, -lag); t < count - std::max<std::int64_t>(0, lag); ++t) {
      const double a = x[static_cast<std::size_t>(t)], b = y[static_cast<std::size_t>(t + lag)];
      if (!std::isnan(a) && !std::isnan(b)) visit(a, b);
    }
  };
  each([&](double a, double b) { n += 1, sx += a, sy += b; });
  if (n < 3) return std::numeric_limits<double>::quiet_NaN();
  double xx = 0, yy = 0, xy = 0;
  each([&](double a, double b) {
    const double dx = a - sx / n, dy = b - sy / n;
    xx += dx * dx, yy += dy * dy, xy += dx * dy;
  });
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace backlot::signals
