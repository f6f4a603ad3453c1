// Profiles in golden files: `// PROFILE: call CALLER LINE CALLEE WEIGHT` and `// PROFILE: line FUNCTION LINE SAMPLES`.
#pragma once

#include "passes/call_profile.h"

#include <sstream>
#include <string>
#include <vector>

inline burrow::passes::CallProfile profileInRemarks(const std::string& text) {
  std::vector<burrow::passes::CallProfile::Edge> edges;
  std::vector<burrow::passes::CallProfile::Line> lines;
  std::istringstream in(text);
  const std::string marker = "// PROFILE: ";
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(marker)) continue;
    std::istringstream words(line.substr(marker.size()));
    std::string kind;
    words >> kind;
    if (kind == "call") {
      auto& e = edges.emplace_back();
      words >> e.caller >> e.line >> e.callee >> e.weight;
    } else {
      auto& l = lines.emplace_back();
      words >> l.function >> l.line >> l.samples;
    }
  }
  return {std::move(edges), std::move(lines)};
}
