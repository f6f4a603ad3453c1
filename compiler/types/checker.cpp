// The order in which a package is checked; delayed actions; the path of declarations being looked at.
#include "types/checker.h"

#include <algorithm>

#include "source/deep_stack.h"
#include "syntax/positions.h"

namespace burrow::types {

LangVersion parseLangVersion(std::string_view text) {
  if (text.starts_with("go")) text.remove_prefix(2);
  if (!text.starts_with("1.")) return {};
  text.remove_prefix(2);
  int minor = 0;
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && minor < 10000) {
    minor = minor * 10 + (text[digits++] - '0');
  }
  return {digits == 0 ? 0 : minor};
}

Object* NameSet::insert(Object* o) {
  constexpr size_t kListMax = 8;
  bool exported = o->isExported();
  auto collides = [&](Object* other) {
    return other->name == o->name && (exported || other->pkg == o->pkg || sameName(other, o->pkg, o->name));
  };
  if (list_.size() < kListMax) {
    for (Object* other : list_)
      if (collides(other)) return other;
    list_.push_back(o);
    if (list_.size() == kListMax)
      for (Object* other : list_) table_.emplace(other->name, other);
    return nullptr;
  }
  auto [it, fresh] = table_.emplace(o->name, o);
  if (!fresh && collides(it->second)) return it->second;
  list_.push_back(o);
  return nullptr;
}

Signature* Func::signature() {
  if (type == nullptr && checker != nullptr) checker->objectDecl(this);
  if (type == nullptr && origin != this) return origin->signature();
  return static_cast<Signature*>(type);
}

Checker::Checker(Context& context, const PackageInput& input, source::Diagnostics& diagnostics)
    : context_(context), input_(input), diagnostics_(diagnostics), emptyTuple_(context.arena().make<Tuple>()) {
  pkg_ = make<Package>();
  info_ = make<Info>();
  pkg_->info = info_;
  pkg_->path = arena().copy(input.path);
  pkg_->version = input.version;
  pkg_->sources = input.sources;
  pkg_->files.assign(input.files.begin(), input.files.end());
  Pos start, end;
  for (syntax::File* f : input.files) {
    if (pkg_->name.empty() && f->name != nullptr) pkg_->name = f->name->name;
    if (!start.isValid()) start = f->pos;
    end = f->eof;
  }
  pkg_->scope = make<Scope>(universe().scope, start, end, "package");
  size_t n = input.ids.nextExpr + 1;
  info_->exprs.resize(n);
  info_->defs.resize(n);
  info_->uses.resize(n);
  pending_.resize(n);
  if (input.testAssert) {
    auto* tests = make<Scope>(universe().scope, Pos{}, Pos{}, "tests");
    tests->insert(make<Builtin>("assert", BuiltinId::Assert));
    pkg_->scope = make<Scope>(tests, start, end, "package");
  }
  env_.scope = pkg_->scope;
  env_.version = input.version;
}

Signature* Checker::newSignature() {
  auto* sig = make<Signature>();
  sig->params = emptyTuple();
  sig->results = emptyTuple();
  return sig;
}

void Checker::openScope(const Node* node, const char* comment) {
  env_.scope = make<Scope>(env_.scope, node->pos, syntax::endPos(node), comment);
  // What a scope in a body will still get is declared behind this one.
  if (env_.sig != nullptr) env_.scope->skipEmptyParents();
  recordScope(node, env_.scope);
}

void Checker::push(Object* o) {
  path_.push_back(o);
  o->pathIndex = static_cast<uint32_t>(path_.size());
}

void Checker::pop() {
  path_.back()->pathIndex = 0;
  path_.pop_back();
}

// Actions may put off further ones: those run after all that are in the queue already.
void Checker::processDelayed(size_t top) {
  LangVersion saved = env_.version;
  for (size_t i = top; i < delayed_.size(); i++) {
    Action action = std::move(delayed_[i]);
    env_.version = action.version;
    action.run();
  }
  delayed_.resize(top);
  env_.version = saved;
}

// A file's own version from its build constraint; files cannot go below the first version that had the feature.
static LangVersion fileVersion(const syntax::File* f, LangVersion module) {
  constexpr int kFirstWithFileVersions = 21;
  LangVersion own = parseLangVersion(f->goVersion);
  if (own.minor == 0) return module;
  return {std::max(own.minor, kFirstWithFileVersions), own.minor >= kFirstWithFileVersions};
}

Package* Checker::run() {
  for (syntax::File* f : pkg_->files) {
    pkg_->fileVersions.push_back(fileVersion(f, input_.version));
    if (f->name == nullptr) continue;
    if (f->name->name == "_") {
      error(f->name, diag::InvalidPackageName);
    } else if (f->name->name != pkg_->name) {
      error(f->name, diag::PackageMismatch, f->name->name, pkg_->name);
    }
  }
  collectObjects();
  directCycles();
  packageObjects();
  processDelayed(0);
  if (!input_.genericBodiesOnly) {  // else it has been found right already
    initOrder();
    if (!input_.patched) unusedImports();
    if (errorCount_ == 0) monomorph();
    if (!input_.testAssert) {  // types2 leaves these to its caller
      anonymousCycles();
      restrictions();
    }
  }
  numberLocalTypes();
  pkg_->complete = errorCount_ == 0;
  for (Object* o : objects_) {
    if (auto* f = as<Func>(o)) f->checker = nullptr;
    o->declInfo = nullptr;
  }
  return pkg_;
}

// Local types are numbered in source order over the package, as gc numbers them in link names. All of them count, also
// those of bodies that are not checked: importers must find the numbers that the package itself has found.
void Checker::numberLocalTypes() {
  std::vector<Pos> all;
  for (syntax::File* f : pkg_->files)
    for (syntax::TypeSpec* t : f->localTypes) all.push_back(t->name->pos);
  std::sort(all.begin(), all.end());
  for (TypeName* t : info_->namedTypes) {
    auto it = std::lower_bound(all.begin(), all.end(), t->pos);
    if (it != all.end() && *it == t->pos) t->localIndex = static_cast<uint32_t>(it - all.begin()) + 1;
  }
}

// --- Entry -------------------------------------------------------------------------------------------------------

Package* checkPackage(Context& context, const PackageInput& input, source::Diagnostics& diagnostics) {
  Package* result = nullptr;
  source::onDeepStack([&] { result = Checker(context, input, diagnostics).run(); });
  return result;
}

}  // namespace burrow::types
