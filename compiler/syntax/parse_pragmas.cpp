// What "//go:" comments mean to the declarations behind them. See directive.h.
//
// The scanner collects directives as it meets them, which is while it looks for the next token. So when the parser
// stands on the first token of a declaration, exactly the directives before it are pending (`pendingDirectives_` and
// on). A declaration takes them; every other construct clears them, and then those that mean something are misplaced.
#include "syntax/build_constraint.h"
#include "syntax/parser_impl.h"
#include "syntax/unquote.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace burrow::syntax {

namespace {

struct KnownDirective {
  std::string_view verb;
  Pragma pragma;
};
constexpr KnownDirective kSwitches[] = {
    {"go:noinline", Pragma::NoInline},
    {"go:nosplit", Pragma::NoSplit | Pragma::NoCheckPtr},
    {"go:noescape", Pragma::NoEscape},
    {"go:norace", Pragma::NoRace},
    {"go:nocheckptr", Pragma::NoCheckPtr},
    {"go:systemstack", Pragma::SystemStack},
    {"go:nowritebarrier", Pragma::NoWriteBarrier},
    {"go:nowritebarrierrec", Pragma::NoWriteBarrierRec | Pragma::NoWriteBarrier},
    {"go:yeswritebarrierrec", Pragma::YesWriteBarrierRec},
    {"go:cgo_unsafe_args", Pragma::CgoUnsafeArgs | Pragma::NoCheckPtr},
    {"go:uintptrkeepalive", Pragma::UintptrKeepAlive},
    {"go:uintptrescapes", Pragma::UintptrEscapes | Pragma::UintptrKeepAlive},
    {"go:registerparams", Pragma::RegisterParams},
    {"go:build", Pragma::Build},
    {"go:nointerface", Pragma::NoInterface},
};
constexpr Pragma kRuntimeOnly =
    Pragma::SystemStack | Pragma::NoWriteBarrier | Pragma::NoWriteBarrierRec | Pragma::YesWriteBarrierRec;
// Directives without a switch that the standard library may use.
constexpr std::string_view kAllowedInStd[] = {
    "go:cgo_export_static", "go:cgo_export_dynamic", "go:cgo_import_static", "go:cgo_import_dynamic",
    "go:cgo_ldflag",        "go:cgo_dynamic_linker", "go:embed",             "go:fix",
    "go:generate",          "go:linkname",           "go:linknamestd",       "go:wasmimport",
    "go:wasmexport",
};

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::vector<std::string_view> fields(std::string_view s) {
  std::vector<std::string_view> out;
  for (;;) {
    size_t start = s.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return out;
    size_t end = std::min(s.find_first_of(kBlanks, start), s.size());
    out.push_back(s.substr(start, end - start));
    s = s.substr(end);
  }
}

bool isLinkname(const Directive& d) { return d.verb == "go:linkname" || d.verb == "go:linknamestd"; }

}  // namespace

// Finds out what a directive switches on, and reports what is wrong with it by itself.
void Parser::checkDirective(Directive& d) {
  bool report = options_.checkPragmas;
  if (!d.ownLine) {
    if (report) sideError(d.pos, diag::MisplacedDirective);
    return;
  }
  auto known = std::find_if(std::begin(kSwitches), std::end(kSwitches),
                            [&](const KnownDirective& k) { return k.verb == d.verb; });
  if (known != std::end(kSwitches)) d.pragma = known->pragma;
  if (d.pragma == Pragma::NoInterface && !options_.fieldTrack) d.pragma = Pragma::None;
  if (!report) return;

  if (isLinkname(d) && d.verb != d.text) {
    size_t arguments = fields(d.args).size();
    if (arguments < 1 || arguments > 2) sideError(d.pos, diag::LinknameUsage, d.verb);
    return;
  }
  if (d.verb == "go:wasmimport" && d.verb != d.text) {
    if (fields(d.args).size() != 2) sideError(d.pos, diag::WasmImportUsage);
    return;
  }
  if (d.verb == "go:wasmexport" && d.verb != d.text) {
    if (fields(d.args).size() != 1) sideError(d.pos, diag::WasmExportUsage);
    return;
  }
  if (d.verb == "go:embed") {
    std::vector<std::string_view> patterns;
    std::string_view bad;
    if (!splitEmbedArguments(d, &patterns, &bad)) sideError(d.pos, diag::EmbedBadQuotes, bad);
    if (patterns.empty()) sideError(d.pos, diag::EmbedUsage);
    return;
  }
  if (d.verb.starts_with("go:cgo_")) {
    std::string_view base = s_.file().name;
    base = base.substr(base.rfind('/') + 1);
    bool harmless = d.verb == "go:cgo_import_dynamic" && fields(d.args).size() >= 3;
    if (!base.starts_with("_cgo_") && !options_.isStd && !harmless) sideError(d.pos, diag::DirectiveOnlyCgo, d.text);
  }
  if (!options_.isRuntime && (d.pragma & kRuntimeOnly) != Pragma::None) {
    sideError(d.pos, diag::DirectiveOnlyRuntime, d.verb);
  }
  if (!options_.isStd && d.pragma == Pragma::UintptrKeepAlive) sideError(d.pos, diag::DirectiveOnlyStd, d.verb);
  if (options_.isStd && d.pragma == Pragma::None &&
      std::find(std::begin(kAllowedInStd), std::end(kAllowedInStd), d.verb) == std::end(kAllowedInStd)) {
    sideError(d.pos, diag::DirectiveNotStd, d.verb);
  }
}

// The pending directives, for the declaration that starts here. `allowed` are the switches that it may have.
std::span<Directive* const> Parser::takeDirectives(Pragma allowed, bool embedAllowed, Pragma* pragma) {
  size_t from = pendingDirectives_;
  size_t to = s_.directives.size();
  if (from == to) return {};
  pendingDirectives_ = to;
  for (size_t i = from; i < to; i++) {
    Directive& d = *s_.directives[i];
    if (i >= checkedDirectives_) checkDirective(d);
    if (!d.ownLine) continue;
    if (options_.checkPragmas) {
      if ((static_cast<uint32_t>(d.pragma) & ~static_cast<uint32_t>(allowed)) != 0) d.misplaced = &diag::MisplacedDirective;
      if (d.verb == "go:embed" && !embedAllowed && !d.args.empty()) d.misplaced = &diag::MisplacedEmbed;
    }
    if (pragma) *pragma = *pragma | (d.pragma & allowed);
  }
  checkedDirectives_ = to;
  auto** copy = static_cast<Directive**>(arena_.allocate((to - from) * sizeof(Directive*), alignof(Directive*)));
  std::copy(s_.directives.begin() + static_cast<ptrdiff_t>(from), s_.directives.begin() + static_cast<ptrdiff_t>(to),
            copy);
  return {copy, to - from};
}

// The pending directives stand before something that takes none.
void Parser::clearDirectives() {
  for (Directive* d : takeDirectives(Pragma::None, false)) {
    if (d->misplaced) sideError(d->pos, *std::exchange(d->misplaced, nullptr));
  }
}

// Splits the arguments of //go:embed: patterns separated by blanks, in Go quotes where necessary. The patterns are
// views of the text or of the arena. On errors there are none, and *badText is what cannot be read.
bool Parser::splitEmbedArguments(const Directive& d, std::vector<std::string_view>* patterns,
                                 std::string_view* badText) {
  std::string_view rest = d.args;
  auto bad = [&](std::string_view text) {
    *badText = text;
    patterns->clear();
    return false;
  };
  while (true) {
    size_t start = rest.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return true;
    rest = rest.substr(start);
    size_t length;
    if (rest[0] == '`' || rest[0] == '"') {
      length = 1;
      while (length < rest.size() && rest[length] != rest[0]) length += rest[0] == '"' && rest[length] == '\\' ? 2 : 1;
      if (length >= rest.size()) return bad(rest);
      length++;
      std::string value;
      if (!unquoteString(rest.substr(0, length), &value)) return bad(rest.substr(0, length));
      patterns->push_back(arena_.copy(value));
      if (length < rest.size() && kBlanks.find(rest[length]) == std::string_view::npos) return bad(rest.substr(length));
    } else {
      length = std::min(rest.find_first_of(kBlanks), rest.size());
      patterns->push_back(rest.substr(0, length));
    }
    rest = rest.substr(length);
  }
}

// Gives a variable the patterns of the //go:embed directives before it.
void Parser::embedPatterns(VarSpec* spec, bool inFunction) {
  std::vector<EmbedPattern> all;
  const Directive* first = nullptr;
  for (const Directive* d : spec->directives) {
    if (d->verb != "go:embed" || !d->ownLine) continue;
    std::vector<std::string_view> patterns;
    std::string_view ignored;  // reported when the directive was checked
    if (!splitEmbedArguments(*d, &patterns, &ignored)) continue;
    if (!first) first = d;
    for (std::string_view p : patterns) all.push_back({d->pos, p});
  }
  if (all.empty()) return;
  auto* out = static_cast<EmbedPattern*>(arena_.allocate(all.size() * sizeof(EmbedPattern), alignof(EmbedPattern)));
  std::uninitialized_copy(all.begin(), all.end(), out);
  spec->embeds = {out, all.size()};
  if (!options_.checkPragmas) return;
  if (!importsEmbed_) {
    sideError(first->pos, diag::EmbedNeedsImport);
  } else if (spec->names.size() > 1) {
    sideError(first->pos, diag::EmbedMultipleVars);
  } else if (!spec->values.empty()) {
    sideError(first->pos, diag::EmbedInitializer);
  } else if (inFunction) {
    sideError(first->pos, diag::EmbedInFunction);
  }
}

// The file's own part: all directives, linknames, the language version.
void Parser::finishDirectives(File* file) {
  clearDirectives();
  if (s_.directives.empty()) return;
  auto** all = static_cast<Directive**>(
      arena_.allocate(s_.directives.size() * sizeof(Directive*), alignof(Directive*)));
  std::copy(s_.directives.begin(), s_.directives.end(), all);
  file->directives = {all, s_.directives.size()};

  std::vector<Linkname> linknames;
  for (const Directive* d : file->directives) {
    if (!isLinkname(*d) || !d->ownLine) continue;
    std::vector<std::string_view> arguments = fields(d->args);
    if (arguments.empty() || arguments.size() > 2) continue;
    linknames.push_back({d->pos, names_.intern(arguments[0]), arguments.size() == 2 ? arguments[1] : "",
                         d->verb == "go:linknamestd"});
    if (options_.checkPragmas && !importsUnsafe_ && s_.errorCount == 0) {
      sideError(d->pos, diag::LinknameNeedsUnsafe, d->verb);
    }
  }
  if (!linknames.empty()) {
    auto* out = static_cast<Linkname*>(arena_.allocate(linknames.size() * sizeof(Linkname), alignof(Linkname)));
    std::uninitialized_copy(linknames.begin(), linknames.end(), out);
    file->linknames = {out, linknames.size()};
  }

  for (const Directive* d : file->fileDirectives) {
    ConstraintError ignored;
    std::string line = "//" + std::string(d->text);
    if (!isGoBuildLine(line)) continue;
    if (auto constraint = parseGoBuild(line, &ignored)) {
      file->goVersion = arena_.copy(std::string_view(impliedGoVersion(*constraint)));
    }
  }
}

}  // namespace burrow::syntax
