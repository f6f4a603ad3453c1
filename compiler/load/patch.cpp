// See patch.h.
#include "load/patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace burrow::load {

namespace {

std::string_view nextWord(std::string_view& line) {
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  size_t end = line.find_first_of(" \t");
  std::string_view word = line.substr(0, end);
  line.remove_prefix(word.size());
  return word;
}

std::optional<PatchRule::Kind> ruleKind(std::string_view word) {
  using Kind = PatchRule::Kind;
  if (word == "file") return Kind::File;
  if (word == "func") return Kind::Func;
  if (word == "method") return Kind::Method;
  if (word == "type") return Kind::Type;
  if (word == "var") return Kind::Var;
  if (word == "const") return Kind::Const;
  if (word == "import") return Kind::Import;
  if (word == "tag") return Kind::Tag;
  return std::nullopt;
}

const char* kindName(PatchRule::Kind kind) {
  constexpr const char* names[] = {"file", "func", "method", "type", "var", "const", "import", "file", "tag"};
  return names[static_cast<size_t>(kind)];
}

// "T" of a receiver `t T`, `*T`, `T[P]`; empty when it is something else.
std::string_view receiverName(const syntax::FuncDecl& decl) {
  if (decl.recv.fields.empty()) return {};
  const syntax::Expr* type = decl.recv.fields[0]->type;
  for (;;) {
    type = syntax::unparen(type);
    if (auto* star = syntax::dynAs<syntax::StarExpr>(type)) {
      type = star->x;
    } else if (auto* index = syntax::dynAs<syntax::IndexExpr>(type)) {
      type = index->x;
    } else {
      break;
    }
  }
  auto* name = syntax::dynAs<syntax::Ident>(type);
  return name ? name->name : std::string_view();
}

// Rules that concern the list of files, not declarations.
bool isOuter(PatchRule::Kind kind) {
  return kind == PatchRule::Kind::File || kind == PatchRule::Kind::Import || kind == PatchRule::Kind::UseFile ||
         kind == PatchRule::Kind::Tag;
}

bool matches(Patch& patch, PatchRule::Kind kind, std::string_view name) {
  for (PatchRule& rule : patch.rules) {
    if (rule.kind == kind && rule.name == name) return rule.used = true;
  }
  return false;
}

// Keeps the elements for which `keep` holds, in order.
template <typename T, typename Keep>
void filter(std::span<T>& list, Keep keep) {
  auto end = std::remove_if(list.begin(), list.end(), [&](const T& x) { return !keep(x); });
  list = list.first(static_cast<size_t>(end - list.begin()));
}

std::string_view importPath(const syntax::ImportSpec& spec) {
  if (!spec.path || spec.path->value.size() < 2) return {};
  return spec.path->value.substr(1, spec.path->value.size() - 2);
}

// Whether the spec stays. Of a spec with several names either all or none may be dropped, unless it is one without values.
bool keepSpec(Patch& patch, syntax::Spec& spec) {
  using Kind = PatchRule::Kind;
  switch (spec.kind) {
    case syntax::NodeKind::ImportSpec:
      return !matches(patch, Kind::Import, importPath(*syntax::as<syntax::ImportSpec>(&spec)));
    case syntax::NodeKind::TypeSpec:
      return !matches(patch, Kind::Type, syntax::as<syntax::TypeSpec>(&spec)->name->name);
    default: {
      auto& values = *syntax::as<syntax::ValueSpec>(&spec);
      Kind kind = spec.kind == syntax::NodeKind::ConstSpec ? Kind::Const : Kind::Var;
      if (values.names.size() == values.values.size() && values.names.size() > 1) {
        // Pairs of name and value: both go.
        size_t kept = 0;
        for (size_t i = 0; i < values.names.size(); i++) {
          if (matches(patch, kind, values.names[i]->name)) continue;
          values.names[kept] = values.names[i];
          values.values[kept++] = values.values[i];
        }
        values.names = values.names.first(kept);
        values.values = values.values.first(kept);
      } else {
        filter(values.names, [&](syntax::Ident* name) { return !matches(patch, kind, name->name); });
      }
      return !values.names.empty();
    }
  }
}

}  // namespace

bool Patch::dropsTags() const {
  return std::any_of(rules.begin(), rules.end(), [](const PatchRule& r) { return r.kind == PatchRule::Kind::Tag; });
}
bool Patch::dropsFile(std::string_view name) { return matches(*this, PatchRule::Kind::File, name); }
bool Patch::dropsImport(std::string_view name) { return matches(*this, PatchRule::Kind::Import, name); }

Patch parsePatch(std::string_view text, std::string path, std::vector<std::string>* errors) {
  Patch patch;
  patch.path = std::move(path);
  unsigned number = 0;
  auto fail = [&](std::string message) { errors->push_back(fmt::format("{}:{}: {}", patch.path, number, message)); };
  while (!text.empty()) {
    number++;
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    std::string_view verb = nextWord(line);
    if (verb.empty()) continue;
    if (verb == "replace") {
      patch.replace = true;
    } else if (verb == "drop") {
      std::string_view kindWord = nextWord(line);
      std::optional<PatchRule::Kind> kind = ruleKind(kindWord);
      std::string name(nextWord(line));
      if (kind == PatchRule::Kind::Import && name.size() > 2 && name.front() == '"' && name.back() == '"') {
        name = name.substr(1, name.size() - 2);
      }
      if (!kind) {
        fail(fmt::format("unknown kind of declaration: {}", kindWord));
        continue;
      }
      if (name.empty() || (kind == PatchRule::Kind::Method && name.find('.') == std::string::npos)) {
        fail(fmt::format("drop {}: name missing", kindWord));
        continue;
      }
      patch.rules.push_back({*kind, std::move(name), number, false});
    } else if (verb == "use") {
      std::string_view kindWord = nextWord(line);
      std::string name(nextWord(line));
      if (kindWord != "file" || name.empty() || name.find('/') != std::string::npos) {
        fail("use wants: file NAME");
        continue;
      }
      patch.rules.push_back({PatchRule::Kind::UseFile, std::move(name), number, false});
    } else {
      fail(fmt::format("unknown directive: {}", verb));
      continue;
    }
    if (std::string_view rest = nextWord(line); !rest.empty()) fail(fmt::format("unexpected text: {}", rest));
  }
  if (patch.replace && !patch.rules.empty()) fail("replace leaves nothing to drop");
  return patch;
}

void applyPatch(Patch& patch, syntax::File& file) {
  if (patch.rules.empty()) return;
  filter(file.imports,
         [&](syntax::ImportSpec* spec) { return !matches(patch, PatchRule::Kind::Import, importPath(*spec)); });
  filter(file.decls, [&](syntax::Decl* decl) {
    if (auto* func = syntax::dynAs<syntax::FuncDecl>(decl)) {
      if (!func->name) return true;
      if (!func->isMethod) return !matches(patch, PatchRule::Kind::Func, func->name->name);
      return !matches(patch, PatchRule::Kind::Method, fmt::format("{}.{}", receiverName(*func), func->name->name));
    }
    auto* group = syntax::as<syntax::GenDecl>(decl);
    if (group->specs.empty()) return true;
    filter(group->specs, [&](syntax::Spec* spec) { return keepSpec(patch, *spec); });
    return !group->specs.empty();
  });
}

std::vector<std::string> unusedRules(const Patch& patch, std::string_view importPath, bool importsOnly) {
  std::vector<std::string> errors;
  for (const PatchRule& rule : patch.rules) {
    if (rule.used || (importsOnly && !isOuter(rule.kind))) continue;
    errors.push_back(fmt::format("{}:{}: package {} has no {} {} to {}", patch.path, rule.line, importPath,
                                 kindName(rule.kind), rule.name,
                                 rule.kind == PatchRule::Kind::UseFile ? "use" : "drop"));
  }
  return errors;
}

}  // namespace burrow::load
