// Reporting. Messages that only follow from an earlier error are dropped: those that speak of invalid operands or types.
#include "syntax/positions.h"
#include "types/checker.h"
#include "types/type_string.h"

namespace burrow::types {

Where::Where(const Node* n) : pos(n != nullptr ? syntax::reportPos(n) : Pos{}) {}
Where::Where(const Operand& x) : pos(x.labelPos.isValid() || x.expr == nullptr ? x.labelPos : syntax::reportPos(x.expr)) {}

std::string Checker::typeText(Type* t) const { return typeString(t, pkg_); }

std::string Checker::fill(const DiagnosticKind& kind, std::initializer_list<std::string> args) {
  std::string out;
  auto next = args.begin();
  for (const char* p = kind.format; *p != 0; p++) {
    if (p[0] == '{' && p[1] == '}') {
      if (next != args.end()) out += *next++;
      p++;
    } else {
      if ((p[0] == '{' || p[0] == '}') && p[1] == p[0]) p++;
      out += *p;
    }
  }
  return out;
}

// Language version complaints name the place where the version comes from.
static std::string versionHint(const Package* pkg, LangVersion version) {
  if (version.fromFile) return " (file declares //go:build go1." + std::to_string(version.minor) + ")";
  return " (-lang was set to go1." + std::to_string(pkg->version.minor) + "; check go.mod)";
}

void Checker::report(Pos pos, const DiagnosticKind& kind, std::string message, std::vector<Note> notes) {
  auto mentions = [&](const char* what) {
    size_t at = message.find(what);
    return at != std::string::npos && at > 0;
  };
  if (errorCount_ > 0 && (mentions("invalid operand") || mentions("invalid type"))) return;
  if (env_.errorPos.isValid()) pos = env_.errorPos;
  if (mentions(" requires go1.") && mentions(" or later")) message += versionHint(pkg_, env_.version);
  errorCount_++;
  source::Diagnostic& d = diagnostics_.add(pos, kind, std::move(message));
  for (Note& n : notes) d.notes.push_back({n.pos, std::move(n.text)});
}

std::string Checker::text(Pos p) const {
  return pkg_->sources != nullptr ? pkg_->sources->position(p).str() : "offset " + std::to_string(p.value);
}

std::vector<Checker::Note> Checker::otherDeclaration(const Object* o) const {
  if (!o->pos.isValid()) return {};
  return {{o->pos, "other declaration of " + std::string(o->name)}};
}

bool Checker::requireVersion(Where where, int minor, const std::string& what) {
  if (allows(minor)) return true;
  error(where, diag::RequiresVersion, what, minor);
  return false;
}

}  // namespace burrow::types
