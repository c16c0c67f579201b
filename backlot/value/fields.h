// BACKLOT_FIELDS: the one description of a struct's fields, for flows and for plain structs that are stored.
//
//   struct Movie { std::string genre; double gross; BACKLOT_FIELDS(genre, gross) };
//   struct Rated : Movie { double rating; BACKLOT_FIELDS(Movie::fields, rating) };
//
// A described struct stays an aggregate. `T::fields(object, visit)` calls visit(name, field) for each, bases first.
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace backlot {

template <class L>
struct Fields : L {};
template <class L>
Fields(L) -> Fields<L>;

template <class T>
inline constexpr bool is_fields = false;
template <class L>
inline constexpr bool is_fields<const Fields<L>> = true;

/// True for a struct that has BACKLOT_FIELDS.
template <class T>
concept Described = requires { requires is_fields<decltype(T::fields)>; };

void visit_field(auto& self, auto& visit, std::string_view name, auto& field) {
  if constexpr (is_fields<std::remove_reference_t<decltype(field)>>) {
    field(self, visit);
  } else {
    visit(name, field);
  }
}

consteval std::size_t commas_in(std::string_view names) {
  std::size_t n = 0;
  for (char c : names) n += c == ',';
  return n;
}

}  // namespace backlot

#define BACKLOT_FIELDS(...)                                                                                       \
  static_assert(::backlot::commas_in(#__VA_ARGS__) < 64,                                                          \
                "BACKLOT_FIELDS takes at most 64 names: group some into a struct with its own BACKLOT_FIELDS");   \
  [[maybe_unused]] static constexpr ::backlot::Fields fields{                                                                   \
      []([[maybe_unused]] auto& self, [[maybe_unused]] auto&& visit) { BACKLOT_X3(BACKLOT_EACH(__VA_ARGS__)) }};
#define BACKLOT_EACH(x, ...)                   \
  ::backlot::visit_field(self, visit, #x, self.x); \
  __VA_OPT__(BACKLOT_MORE BACKLOT_NONE(__VA_ARGS__))
#define BACKLOT_MORE() BACKLOT_EACH
#define BACKLOT_NONE ()
#define BACKLOT_X3(...) BACKLOT_X2(BACKLOT_X2(BACKLOT_X2(BACKLOT_X2(__VA_ARGS__))))
#define BACKLOT_X2(...) BACKLOT_X1(BACKLOT_X1(BACKLOT_X1(BACKLOT_X1(__VA_ARGS__))))
#define BACKLOT_X1(...) BACKLOT_X0(BACKLOT_X0(BACKLOT_X0(BACKLOT_X0(__VA_ARGS__))))
#define BACKLOT_X0(...) __VA_ARGS__
