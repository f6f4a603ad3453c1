// JSON written straight away, for documents of a size for which a tree in memory would be too much: a heap has a million spans.
//
// The fields of a document stand on lines of their own, and so do the elements of its lists; what is inside of these is one line.
// Names come from programs that anybody may have made: what is no UTF-8 becomes U+FFFD, and control characters are escaped, those
// that a terminal obeys (C1) too.
#pragma once

#include "inspect/text.h"

#include <concepts>
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
    depth_++;
  }
  void close(char bracket) {
    depth_--;
    if (depth_ < kLineDepth && !first_) newLine();
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    separate();
    quote(name);
    out_ += ": ";
    afterKey_ = true;
  }
  void value(std::string_view v) {
    separate();
    quote(v);
  }
  void value(const char* v) { value(std::string_view(v)); }
  void value(const std::string& v) { value(std::string_view(v)); }
  void value(std::same_as<bool> auto v) {
    separate();
    out_ += v ? "true" : "false";
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void value(T v) {
    separate();
    out_ += std::to_string(v);
  }
  void null() {
    separate();
    out_ += "null";
  }
  template <class T>
  void field(std::string_view name, const T& v) {
    key(name);
    value(v);
  }
  // "0xc000012000": readers in JavaScript lose digits of large numbers otherwise.
  void address(std::string_view name, uint64_t v) {
    key(name);
    address(v);
  }
  void address(uint64_t v) {
    char digits[16];
    size_t n = 0;
    do {
      digits[n++] = kHexDigits[v & 15];
      v >>= 4;
    } while (v != 0);
    separate();
    out_ += "\"0x";
    while (n != 0) out_ += digits[--n];
    out_ += '"';
  }
  // A field that is a list: `write` makes the element of each member, or nothing.
  template <class List, class Write>
  void list(std::string_view name, const List& members, Write write) {
    key(name);
    open('[');
    for (const auto& m : members) write(m);
    close(']');
  }
  // The same of objects, whose fields `write` makes.
  template <class List, class Write>
  void rows(std::string_view name, const List& members, Write write) {
    list(name, members, [&](const auto& m) { row([&] { write(m); }); });
  }
  template <class Write>
  void row(Write write) {
    open('{');
    write();
    close('}');
  }
  void reserve(size_t bytes) { out_.reserve(bytes); }
  std::string take() { return std::move(out_); }
  // The document that jsonHead opened, ended.
  std::string finish() {
    close('}');
    out_ += '\n';
    return take();
  }

 private:
  static constexpr unsigned kLineDepth = 2;
  static constexpr const char* kHexDigits = "0123456789abcdef";
  void newLine() {
    out_ += '\n';
    out_.append(depth_, ' ');
  }
  void separate() {
    if (afterKey_) {
      afterKey_ = false;
      return;
    }
    if (!first_) out_ += depth_ <= kLineDepth ? "," : ", ";
    if (depth_ != 0 && depth_ <= kLineDepth) newLine();
    first_ = false;
  }
  void escape(unsigned unit) {
    out_ += "\\u00";
    out_ += kHexDigits[unit >> 4];
    out_ += kHexDigits[unit & 15];
  }
  void quote(std::string_view text) {
    out_ += '"';
    while (!text.empty()) {
      const auto byte = static_cast<unsigned char>(text[0]);
      const size_t n = byte < 0x80 ? 1 : characterLength(text);
      if (byte == '"' || byte == '\\') {
        out_ += '\\';
        out_ += text[0];
      } else if (byte < 0x20 || byte == 0x7f) {
        escape(byte);
      } else if (n == 0) {
        out_ += "\\ufffd";
      } else if (n == 2 && byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0) {
        escape(static_cast<unsigned char>(text[1]));
      } else {
        out_ += text.substr(0, n);
      }
      text.remove_prefix(n == 0 ? 1 : n);
    }
    out_ += '"';
  }
  std::string out_;
  unsigned depth_ = 0;
  bool first_ = true, afterKey_ = false;
};

constexpr int kSchemaVersion = 1;

// Opens a document and says what it is of; the build id is left out when it is empty.
void jsonHead(JsonText& j, const char* view, const std::string& title, const std::string& buildId);

}  // namespace burrow::inspect
