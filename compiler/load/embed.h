// //go:embed: which files the patterns of a package mean.
//
// A pattern is a path below the package's folder, with wildcards in its elements (path.Match). A file matches by itself; a
// folder brings the files below it, without those whose names begin with '.' or '_' unless the pattern begins with "all:".
// Folders that are modules of their own, files that are no regular ones, and names that no module may contain are refused.
// Every pattern must match something. The words of errors are those of the go command.
#pragma once

#include "load/overlay.h"
#include "source/pos.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::load {

struct EmbedPattern {
  std::string pattern;
  source::Pos pos;  // of the pattern itself
};

// path.Match: '*', '?', '[...]', '\\'. False, with *bad set, for a malformed pattern.
bool matchPath(std::string_view pattern, std::string_view name, bool* bad);

// The patterns on a //go:embed line behind "//go:embed": each with its offset in `text`. False for a bad quote.
bool splitEmbedLine(std::string_view text, std::vector<std::pair<std::string, size_t>>* patterns);

// The files that one pattern means, sorted, relative to `dir`. On an error returns false and sets *error to
// "pattern X: ...".
bool resolveEmbed(const Overlay& disk, const std::string& dir, const std::string& pattern,
                  std::vector<std::string>* files, std::string* error);

}  // namespace burrow::load
