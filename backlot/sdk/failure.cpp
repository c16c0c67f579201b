#include "backlot/sdk/failure.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <string_view>

namespace backlot::sdk {

namespace {

constexpr std::size_t longest_message = 4096;

std::string type_of_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (!type) return "unknown";
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : type->name();
}

/// At most as long as a message may be, cut between characters.
std::string bounded(std::string text) {
  if (text.size() <= longest_message) return text;
  std::size_t end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string message_of(const std::exception& e) {
  std::string text = e.what();
  try {
    std::rethrow_if_nested(e);
  } catch (const std::exception& cause) { text += ": " + message_of(cause); } catch (...) {
    text += ": " + type_of_exception();
  }
  return text;
}

}  // namespace

Failure failure_of_exception(std::string place) {
  Failure failure;
  failure.type = type_of_exception();
  failure.place = std::move(place);
  try {
    throw;
  } catch (const std::bad_alloc& e) {
    failure.kind = FailureKind::out_of_memory;
    failure.message = e.what();
  } catch (const std::exception& e) { failure.message = bounded(message_of(e)); } catch (const std::string& text) {
    failure.message = bounded(text);
  } catch (const char* text) { failure.message = bounded(text ? text : ""); } catch (...) {
    failure.message = "it is no std::exception and says nothing";
  }
  return failure;
}

}  // namespace backlot::sdk
