#include "inspect/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::inspect {

namespace {

constexpr size_t kLeastFlexible = 12;

// Characters, not bytes: file and type names may hold any.
size_t shownWidth(std::string_view text) {
  size_t n = 0;
  for (char c : text) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return n;
}

}  // namespace

void Page::heading(std::string_view text) {
  if (!out.empty() && !out.ends_with("\n\n")) out += '\n';
  line(paint("1", text));
}

std::string Page::paint(std::string_view code, std::string_view text) const {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string bytesText(uint64_t n) {
  if (n < 1024) return fmt::format("{} B", n);
  const char* const units[] = {"KB", "MB", "GB", "TB"};
  double v = double(n) / 1024;
  unsigned unit = 0;
  while (v >= 999.95 && unit < 3) v /= 1024, unit++;
  return v < 9.995 ? fmt::format("{:.2f} {}", v, units[unit]) : v < 99.95 ? fmt::format("{:.1f} {}", v, units[unit]) : fmt::format("{:.0f} {}", v, units[unit]);
}

std::string groupedNumber(uint64_t n) {
  std::string s = std::to_string(n);
  for (size_t i = s.size(); i > 3;) {
    i -= 3;
    s.insert(i, ",");
  }
  return s;
}

std::string percentText(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{:.1f}%", 100.0 * double(part) / double(whole));
}

std::string durationText(int64_t ns) {
  if (ns < 0) return "-";
  if (ns < 1000) return fmt::format("{} ns", ns);
  if (ns < 1000000) return fmt::format("{:.1f} us", double(ns) / 1e3);
  if (ns < 1000000000) return fmt::format("{:.1f} ms", double(ns) / 1e6);
  if (ns < int64_t(120) * 1000000000) return fmt::format("{:.1f} s", double(ns) / 1e9);
  const int64_t minutes = ns / 60000000000;
  return minutes < 120 ? fmt::format("{} min", minutes) : fmt::format("{} h", minutes / 60);
}

std::string shortened(std::string_view text, size_t width) {
  const size_t all = shownWidth(text);
  if (all <= width) return std::string(text);
  // Where the first n characters end.
  auto after = [&](size_t n) {
    size_t i = 0;
    for (size_t seen = 0; i < text.size(); i++) {
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && seen++ == n) break;
    }
    return i;
  };
  if (width < 5) return std::string(text.substr(0, after(width)));
  const size_t keep = width - 2, head = keep / 2;
  return std::string(text.substr(0, after(head))) + ".." + std::string(text.substr(after(all - (keep - head))));
}

size_t characterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xc2 && first < 0xe0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  for (size_t i = 1; i < length; i++) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const uint8_t second = byte(1);
  const bool tooLong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool noCharacter = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return tooLong || noCharacter ? 0 : length;
}

namespace {

// The length of a colour sequence at the front, or 0.
size_t paintLength(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

// The length of what is at the front and may be shown as it is; 0 when it may not.
size_t printableLength(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first >= 0x20 && first < 0x7f) return 1;
  if (const size_t n = paintLength(text)) return n;
  const size_t n = characterLength(text);
  // C1 controls are two bytes in UTF-8: c2 80 to c2 9f.
  const bool control = n == 1 ? (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f
                              : n == 2 && first == 0xc2 && static_cast<uint8_t>(text[1]) < 0xa0;
  return control ? 0 : n;
}

}  // namespace

bool isPrintable(std::string_view text) {
  while (!text.empty()) {
    const size_t n = printableLength(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    size_t n = printableLength(text);
    if (n != 0) {
      out += text.substr(0, n);
    } else {
      n = std::max<size_t>(characterLength(text), 1);
      for (size_t i = 0; i < n; i++) out += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[i]));
    }
    text.remove_prefix(n);
  }
  return out;
}

void Table::print(Page& page) const {
  const size_t count = columns_.size();
  std::vector<size_t> widths(count);
  std::vector<bool> used(count, true);
  for (size_t i = 0; i < count; i++) {
    widths[i] = shownWidth(columns_[i].head);
    for (const auto& row : rows_)
      if (i < row.size()) widths[i] = std::max(widths[i], shownWidth(row[i]));
  }
  auto total = [&] {
    size_t sum = 0, n = 0;
    for (size_t i = 0; i < count; i++)
      if (used[i]) sum += widths[i], n++;
    return sum + (n ? 2 * (n - 1) : 0);
  };
  // First shorten what may be, down to half the page; then leave columns out; then shorten further.
  auto squeeze = [&](size_t least) {
    for (size_t i = 0; i < count; i++) {
      if (!used[i] || !columns_[i].flexible) continue;
      const size_t sum = total();
      if (sum <= page.width) return;
      const size_t over = sum - page.width;
      widths[i] = std::max(std::min(least, widths[i]), widths[i] - std::min(widths[i], over));
    }
  };
  squeeze(page.width / 2);
  for (int priority = 1; priority < 9 && total() > page.width; priority++)
    for (size_t i = count; i-- > 0;)
      if (used[i] && columns_[i].priority == priority && total() > page.width) used[i] = false;
  squeeze(kLeastFlexible);

  auto put = [&](const std::vector<std::string>& cells, bool head) {
    std::string line;
    bool first = true;
    for (size_t i = 0; i < count; i++) {
      if (!used[i]) continue;
      if (!first) line += "  ";
      first = false;
      std::string text = i < cells.size() ? cells[i] : std::string();
      if (columns_[i].flexible) text = shortened(text, widths[i]);
      const size_t pad = widths[i] - std::min(widths[i], shownWidth(text));
      line += columns_[i].right ? std::string(pad, ' ') + text : text + std::string(pad, ' ');
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    page.line(head ? page.paint("2", line) : line);
  };
  std::vector<std::string> heads;
  for (const Column& c : columns_) heads.push_back(c.head);
  put(heads, true);
  for (const auto& row : rows_) put(row, false);
}

}  // namespace burrow::inspect
