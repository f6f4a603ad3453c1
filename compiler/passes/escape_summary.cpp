// See escape_summary.h.
#include "passes/escape_summary.h"

#include <algorithm>
#include <charconv>

namespace burrow::passes {

void ParamLeak::toResult(int result, int derefs) {
  for (auto& [r, d] : results) {
    if (r != result) continue;
    if (derefs < d) d = derefs;
    return;
  }
  results.emplace_back(result, derefs);
}

void ParamLeak::simplify() {
  if (heap >= 0) {
    std::erase_if(results, [&](const auto& r) { return r.second >= heap; });
    if (mutates >= heap) mutates = -1;
    if (calls >= heap) calls = -1;
  }
  std::sort(results.begin(), results.end());
}

std::string encodeLeaks(const std::vector<ParamLeak>& leaks) {
  std::string text = "=";
  for (size_t i = 0; i < leaks.size(); i++) {
    if (i != 0) text += ',';
    if (leaks[i].heap >= 0) text += 'h' + std::to_string(leaks[i].heap);
    for (auto [r, d] : leaks[i].results) text += 'r' + std::to_string(r) + '.' + std::to_string(d);
    if (leaks[i].mutates >= 0) text += 'm' + std::to_string(leaks[i].mutates);
    if (leaks[i].calls >= 0) text += 'c' + std::to_string(leaks[i].calls);
  }
  return text;
}

bool decodeLeaks(std::string_view text, std::vector<ParamLeak>* leaks) {
  leaks->clear();
  if (!text.starts_with('=')) return false;
  const char* at = text.data() + 1;
  const char* end = text.data() + text.size();
  auto number = [&](int* n) {
    auto [next, error] = std::from_chars(at, end, *n);
    bool ok = error == std::errc{} && *n >= 0;
    at = next;
    return ok;
  };
  leaks->emplace_back();
  while (at != end) {
    int n = 0, r = 0;
    bool ok = true;
    switch (*at++) {
      case ',':
        leaks->emplace_back();
        break;
      case 'h':
        ok = number(&n);
        leaks->back().toHeap(n);
        break;
      case 'm':
        ok = number(&leaks->back().mutates);
        break;
      case 'c':
        ok = number(&leaks->back().calls);
        break;
      case 'r':
        ok = number(&r) && at != end && *at++ == '.' && number(&n);
        leaks->back().toResult(r, n);
        break;
      default:
        ok = false;
    }
    if (!ok) {
      leaks->clear();
      return false;
    }
  }
  return true;
}

void EscapeSummaries::read(uint32_t package, std::string text) {
  std::string_view line = lines_.emplace_back(std::move(text));
  while (!line.empty()) {
    size_t tab = line.find('\t'), next = line.find('\t', tab + 1);
    if (tab == std::string_view::npos) return;
    texts_.add(package, line.substr(0, tab), line.substr(tab + 1, next == std::string_view::npos ? next : next - tab - 1));
    if (next == std::string_view::npos) return;
    line.remove_prefix(next + 1);
  }
}

}  // namespace burrow::passes
