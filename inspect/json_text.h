// JSON written straight away, for documents of a size for which a tree in memory would be too much.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::inspect {

class JsonText {
 public:
  void open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    separate();
    quote(name);
    out_ += ": ";
    first_ = true;  // no comma before the value
  }
  void field(std::string_view name, std::string_view value) {
    key(name);
    quote(value);
    first_ = false;
  }
  void field(std::string_view name, uint64_t value) {
    key(name);
    out_ += std::to_string(value);
    first_ = false;
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!first_) out_ += ",\n ";
    first_ = false;
  }
  void quote(std::string_view text) {
    constexpr const char* digits = "0123456789abcdef";
    out_ += '"';
    for (char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') out_ += '\\';
      if (byte < 0x20) {
        out_ += "\\u00";
        out_ += digits[byte >> 4];
        out_ += digits[byte & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }
  std::string out_;
  bool first_ = true;
};

}  // namespace burrow::inspect
