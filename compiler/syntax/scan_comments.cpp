// Comments, and the directives in them. See scanner.h.
//
// A line directive says from which place of which file the text behind it came:
//
//	//line file:line        at the start of a line; speaks of the next line
//	//line file:line:column
//	/*line file:line*/      anywhere; speaks of what follows the comment
//
// An empty file name together with a column means "the same file as before". A relative name is relative to the
// directory of the file that the directive stands in.
#include "syntax/character_class.h"
#include "syntax/diagnostics.h"
#include "syntax/scanner.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace burrow::syntax {

namespace {

constexpr std::string_view kLinePrefix = "line ";
constexpr std::string_view kGoPrefix = "go:";
constexpr uint64_t kMaxLine = 1u << 30;  // gc's limit for lines and columns

// "a/./b/../c" as "a/c", as filepath.Clean does it.
std::string cleanPath(std::string_view path) {
  bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  for (size_t i = 0; i <= path.size();) {
    size_t slash = std::min(path.find('/', i), path.size());
    std::string_view part = path.substr(i, slash - i);
    i = slash + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::string_view part : parts) {
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}

// The number behind the last colon of a text.
struct TrailingNumber {
  size_t start = 0;  // index behind the colon; 0: there is no colon
  uint64_t value = 0;
  bool ok = false;   // it is a number
};
TrailingNumber trailingNumber(std::string_view s) {
  size_t colon = s.rfind(':');
  if (colon == std::string_view::npos) return {};
  TrailingNumber n{colon + 1, 0, false};
  const char* end = s.data() + s.size();
  auto [stop, error] = std::from_chars(s.data() + n.start, end, n.value);
  n.ok = error == std::errc() && stop == end;
  return n;
}

}  // namespace

// Behind "//". Stops before the newline, which may be a semicolon.
void Scanner::skipLineComment() {
  uint32_t start = offset;
  const char* body = p_;
  for (;;) {
    while (!isClass(*p_, kLineStop)) p_++;
    Rune r = peek();
    if (r.code == '\n' || r.code < 0) break;
    p_ += r.width;
  }
  if (*body != 'g' && *body != 'l') return;
  std::string_view comment(body, static_cast<size_t>(p_ - body));
  if (comment.ends_with('\r')) comment.remove_suffix(1);
  uint32_t bodyOffset = start + 2;
  if (comment.starts_with(kGoPrefix)) {
    goDirective(comment, bodyOffset);
  } else if (comment.starts_with(kLinePrefix) && (start == 0 || begin_[start - 1] == '\n')) {
    uint32_t follows = here() + (atEnd() ? 0 : 1);
    lineDirective(comment.substr(kLinePrefix.size()), bodyOffset + static_cast<uint32_t>(kLinePrefix.size()), follows);
  }
}

// Behind "/*". Returns whether the comment ends.
bool Scanner::skipGeneralComment(bool* multiLine) {
  uint32_t start = offset;
  const char* body = p_;
  for (;;) {
    while (!isClass(*p_, kCommentStop)) p_++;
    Rune r = peek();
    if (r.code < 0) {
      error(start, diag::CommentNotTerminated);
      *multiLine = std::string_view(body, static_cast<size_t>(p_ - body)).find('\n') != std::string_view::npos;
      return false;
    }
    p_ += r.width;
    if (r.code == '*' && peek().code == '/') {
      p_++;
      break;
    }
  }
  std::string_view comment(body, static_cast<size_t>(p_ - body - 2));
  *multiLine = comment.find('\n') != std::string_view::npos;
  if (comment.starts_with(kLinePrefix)) {
    lineDirective(comment.substr(kLinePrefix.size()), start + 2 + static_cast<uint32_t>(kLinePrefix.size()), here());
  }
  return true;
}

// `text` stands at `textOffset`; what it says holds from offset `follows` on.
void Scanner::lineDirective(std::string_view text, uint32_t textOffset, uint32_t follows) {
  TrailingNumber last = trailingNumber(text);
  if (last.start == 0) return;  // an ordinary comment after all
  auto invalid = [&](const source::DiagnosticKind& kind, size_t at) {
    error(textOffset + static_cast<uint32_t>(at), kind, text.substr(at));
  };
  if (!last.ok) return invalid(diag::InvalidLineNumber, last.start);

  TrailingNumber line = last;
  uint64_t column = 0;
  TrailingNumber before = trailingNumber(text.substr(0, last.start - 1));
  if (before.ok) {
    line = before;
    column = last.value;
    if (column == 0 || column > kMaxLine) return invalid(diag::InvalidColumnNumber, last.start);
    text = text.substr(0, last.start - 1);
  }
  if (line.value == 0 || line.value > kMaxLine) return invalid(diag::InvalidLineNumber, line.start);

  std::string_view name = text.substr(0, line.start - 1);
  std::string file;
  if (!name.empty()) {
    file = cleanPath(name);
    size_t slash = file_.name.rfind('/');
    if (!file.starts_with('/') && slash != std::string::npos) {
      file = cleanPath(file_.name.substr(0, slash + 1) + file);
    }
  } else if (before.ok) {
    file = file_.lineDirectives.empty() ? file_.name : file_.lineDirectives.back().file;
  }
  file_.lineDirectives.push_back(
      {follows, std::move(file), static_cast<uint32_t>(line.value), static_cast<uint32_t>(column)});
}

void Scanner::goDirective(std::string_view comment, uint32_t textOffset) {
  Directive& d = *arena_.make<Directive>();
  d.pos = file_.pos(textOffset);
  d.text = comment;
  size_t blank = comment.find_first_of(" \t");
  d.verb = comment.substr(0, blank);
  if (blank != std::string_view::npos) {
    std::string_view args = comment.substr(blank);
    size_t first = args.find_first_not_of(" \t");
    size_t last = args.find_last_not_of(" \t");
    if (first != std::string_view::npos) d.args = args.substr(first, last - first + 1);
  }
  d.ownLine = onlyBlanksBefore(textOffset - 2);
  directives.push_back(&d);
}

bool Scanner::onlyBlanksBefore(uint32_t at) const {
  while (at > 0) {
    char c = begin_[--at];
    if (c == '\n') return true;
    if (c != ' ' && c != '\t' && c != '\r') return false;
  }
  return true;
}

}  // namespace burrow::syntax
