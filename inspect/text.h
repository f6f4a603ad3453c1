// Pages for a terminal: tables that fit, colours where wanted, numbers for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::inspect {

struct Page {
  unsigned width = 80;  // columns
  bool colour = false;
  std::string out;

  void line(std::string_view text = {}) {
    out += text;
    out += '\n';
  }
  void heading(std::string_view text);
  // An SGR sequence ("1", "31") around the text, where colours are wanted.
  std::string paint(std::string_view code, std::string_view text) const;
};

std::string bytesText(uint64_t n);            // "1.5 MB"
std::string groupedNumber(uint64_t n);        // "1,234,567"
std::string percentText(uint64_t part, uint64_t whole);
std::string durationText(int64_t ns);         // "12.3 ms"
// The text with what no terminal should get as \xNN: bytes that are no UTF-8, and control characters but for newlines, tabs and
// paint's sequences. Names come from files that anybody may have made or damaged.
std::string printable(std::string_view text);
// Whether that is all of it already.
bool isPrintable(std::string_view text);
// How many bytes at the front are one character of UTF-8 (RFC 3629); 0: none.
size_t characterLength(std::string_view text);
// The last part of a path.
inline std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }
// Cut in the middle so that both ends are seen.
std::string shortened(std::string_view text, size_t width);

// Columns with a priority: when a line is too long those with the lowest number go first; the last text column is shortened.
class Table {
 public:
  struct Column {
    std::string head;
    bool right = false;
    int priority = 9;      // 9: always there
    bool flexible = false; // may be shortened
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  size_t size() const { return rows_.size(); }
  void print(Page& page) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace burrow::inspect
