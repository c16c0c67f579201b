#include "backlot/value/failure_signature.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "backlot/base/digest.h"

namespace backlot {
namespace {

constexpr char datum = '#';

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
}
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_quote(char c) { return c == '\'' || c == '"' || c == '`'; }
bool ends_chunk(char c) {
  return is_space(c) || is_quote(c) || std::string_view("()[]{}<>,;|=").find(c) != std::string_view::npos;
}
bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return low;
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// Behind these a number says which fault it is.
bool names_code(std::string_view word) {
  static constexpr std::array<std::string_view, 7> all{"errno", "status", "code", "signal", "error", "http", "exit"};
  return is_one_of(lower(word), all);
}

bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 25> all{
      "b",  "byte", "bytes", "kb",   "kib",    "mb",      "mib", "gb",      "gib", "tb",    "tib",  "ns", "us",
      "ms", "s",    "sec",   "secs", "second", "seconds", "min", "minutes", "h",   "hours", "days", "%"};
  return is_one_of(lower(word), all);
}

bool is_extension(std::string_view word) {
  static constexpr std::array<std::string_view, 48> all{
      "arrow", "avi",   "bam",   "bin",  "bmp", "c",  "cc",  "cfg", "conf", "cpp",  "csv",  "dat",
      "db",    "fasta", "fastq", "gif",  "go",  "gz", "h",   "h5",  "hpp",  "html", "ini",  "java",
      "jpeg",  "jpg",   "js",    "json", "log", "md", "mkv", "mov", "npy",  "npz",  "onnx", "parquet",
      "pdf",   "pkl",   "png",   "pt",   "pth", "py", "rs",  "so",  "tif",  "tsv",  "txt",  "wav"};
  static constexpr std::array<std::string_view, 8> more{"xls", "xlsx", "xml", "yaml", "yml", "zip", "toml", "sqlite"};
  return is_one_of(word, all) || is_one_of(word, more);
}

bool is_path(std::string_view chunk) {
  if (chunk.find("://") != std::string_view::npos) return true;
  if (chunk.starts_with('/') || chunk.starts_with("./") || chunk.starts_with("../") || chunk.starts_with("~/"))
    return true;
  if (chunk.size() > 2 && is_letter(chunk[0]) && chunk[1] == ':' && (chunk[2] == '\\' || chunk[2] == '/')) return true;
  auto slashes = std::count(chunk.begin(), chunk.end(), '/') + std::count(chunk.begin(), chunk.end(), '\\');
  std::size_t dot = chunk.rfind('.');
  bool is_file = dot != std::string_view::npos && dot > 0 && is_extension(chunk.substr(dot + 1));
  return slashes > 1 || is_file;
}

/// "storage.example.org": three labels and more, in small letters.
bool is_host(std::string_view chunk) {
  if (std::count(chunk.begin(), chunk.end(), '.') < 2 || chunk.starts_with('.') || chunk.ends_with('.')) return false;
  if (chunk.find("..") != std::string_view::npos) return false;
  return std::all_of(chunk.begin(), chunk.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '.' || c == '-'; });
}

/// A whole number of at most three digits, signed or not.
bool is_code(std::string_view chunk) {
  if (chunk.starts_with('-')) chunk.remove_prefix(1);
  return !chunk.empty() && chunk.size() <= 3 && std::all_of(chunk.begin(), chunk.end(), is_digit);
}

class Masker {
 public:
  explicit Masker(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (is_space(c)) {
        if (!out_.empty() && out_.back() != ' ') out_ += ' ';
        ++at_;
      } else if (is_quote(c) && opens_quote() && quoted()) {
        continue;
      } else if (ends_chunk(c)) {
        out_ += c;
        ++at_;
      } else {
        chunk();
      }
    }
    while (out_.ends_with(' ')) out_.pop_back();
    return std::move(out_);
  }

 private:
  /// An apostrophe within a word opens nothing; b'…' and u"…" do.
  bool opens_quote() const {
    if (at_ == 0 || !is_word(text_[at_ - 1])) return true;
    bool is_prefix = std::string_view("bBuUrRf").find(text_[at_ - 1]) != std::string_view::npos;
    return is_prefix && (at_ == 1 || !is_word(text_[at_ - 2]));
  }

  /// Takes a quoted text; false when nothing closes it.
  bool quoted() {
    for (std::size_t end = text_.find(text_[at_], at_ + 1); end != std::string_view::npos;
         end = text_.find(text_[at_], end + 1)) {
      if (end + 1 < text_.size() && is_word(text_[end + 1])) continue;
      std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
      // More than three words are no datum, but what somebody else said: data is left out of them in turn.
      bool is_sentence = std::count_if(inside.begin(), inside.end(), is_space) >= 3;
      std::string masked = is_sentence ? masked_message(inside) : std::string(1, datum);
      out_ += is_sentence ? text_[at_] + masked + text_[at_] : masked;
      at_ = end + 1;
      return true;
    }
    return false;
  }

  void chunk() {
    std::size_t end = at_;
    while (end < text_.size() && !ends_chunk(text_[end])) ++end;
    std::string_view whole = text_.substr(at_, end - at_), word = whole;
    while (!word.empty() && std::string_view(".:!?").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
    std::string_view rest = whole.substr(word.size());
    at_ = end;
    if (is_code(word) && names_code(before_)) {
      out_ += whole;
    } else if (has_digit(word) || is_path(word.empty() ? whole : word) || is_host(word) ||
               word.find('@', 1) != std::string_view::npos) {
      out_ += datum;
      if (!unit(rest)) out_ += rest;
    } else {
      out_ += whole;
    }
    before_ = word;
  }

  /// Takes the unit behind a number: "201. GiB".
  bool unit(std::string_view rest) {
    if (rest.size() > 1 || (rest.size() == 1 && rest != ".")) return false;
    std::size_t begin = at_;
    while (begin < text_.size() && text_[begin] == ' ') ++begin;
    std::size_t end = begin;
    while (end < text_.size() && (is_letter(text_[end]) || text_[end] == '%')) ++end;
    if (begin == at_ || !is_unit(text_.substr(begin, end - begin))) return false;
    at_ = end;
    return true;
  }

  std::string_view text_, before_;
  std::size_t at_ = 0;
  std::string out_;
};

/// Whether only commas, spaces and semicolons stand between.
bool separates(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == ',' || c == ';'; });
}

/// Data in a row, and in brackets, are one datum: of "(3,) (4, 5)" and "['a', 'b']" is left "#".
std::string with_lists_folded(std::string_view text) {
  std::string out;
  std::string_view rest = text;
  auto fold = [&out] {
    std::size_t last = out.rfind(datum, out.size() - 2);
    if (out.back() == datum && last != std::string::npos &&
        separates(std::string_view(out).substr(last + 1, out.size() - last - 2)))
      out.erase(last + 1);
  };
  for (; !rest.empty(); rest.remove_prefix(1)) {
    char c = rest.front();
    out += c;
    if (c == datum && out.size() > 1) fold();
    if (c != ')' && c != ']' && c != '}') continue;
    std::size_t open = out.find_last_of("([{");
    if (open == std::string::npos) continue;
    std::string_view inside = std::string_view(out).substr(open + 1, out.size() - open - 2);
    std::size_t in = inside.find(datum);
    if (in == std::string_view::npos || inside.rfind(datum) != in) continue;
    if (!separates(inside.substr(0, in)) || !separates(inside.substr(in + 1))) continue;
    out.erase(open);
    out += datum;
    if (out.size() > 1) fold();
  }
  return out;
}

}  // namespace

std::string masked_message(std::string_view message) { return with_lists_folded(Masker(message).run()); }

std::string failure_signature(const Failure& failure) {
  std::string kind(name_of(failure.kind));
  if (failure.code) kind += ' ' + std::to_string(failure.code);
  if (!failure.type.empty()) kind += ' ' + failure.type;
  return kind + '|' + failure.place + "|~" + sha256(masked_message(failure.message)).hex().substr(0, 16);
}

bool is_of_whole_message(std::string_view signature) {
  std::size_t last = signature.rfind('|');
  return last != std::string_view::npos && !signature.substr(last + 1).starts_with('~');
}

}  // namespace backlot
