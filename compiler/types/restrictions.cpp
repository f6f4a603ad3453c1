// What gc's compiler rejects although the language does not: said only about packages that are right otherwise, as gc does,
// whose later phases find these things.
//
//  - Directives that do not fit the declarations that they speak of: //go:linkname, //go:noescape, //go:embed, and those
//    that mean nothing for such a declaration.
//  - Types of objects that the collector may not see (they contain internal/runtime/sys.nih) as type arguments, map keys
//    and values, channel elements.
//  - Sizes: types beyond the address space, channel elements that do not fit a channel's buffer entries, map keys and
//    values, frames that no stack has room for.
//
// Sizes are looked at where a type is written (`writtenTypes_`), once each; the smallest type that is too large is the one
// that is named. gc reports at the place of the declaration or statement around it.
//
// Rejected: finding these while checking. Half of them need complete types, and all would come up in wrong programs too.
#include <algorithm>
#include <unordered_set>

#include "types/checker.h"
#include "types/sizes.h"

namespace burrow::types {

namespace {

constexpr int64_t kMaxWidth = int64_t{1} << 50;
constexpr int64_t kMaxChanElem = (int64_t{1} << 16) - 1;
constexpr int64_t kMaxMapPart = (int64_t{1} << 31) - 1;
constexpr int64_t kMaxFrame = int64_t{1} << 30;
// Larger variables are moved to the heap.
constexpr int64_t kMaxStackVar = int64_t{128} << 10;

bool exceeds(Type* t, int64_t limit) {
  if (!isValid(t) || hasVarSize(t)) return false;
  int64_t size = sizeOf(t);
  return size < 0 || size > limit;
}

bool isNotInHeap(Type* t) {
  t = unalias(t);
  if (auto* n = as<Named>(t)) {
    if (n->object->name == "nih" && n->object->pkg != nullptr && n->object->pkg->path == "internal/runtime/sys") return true;
    t = under(n);
  }
  if (auto* a = as<Array>(t)) return isNotInHeap(a->elem);
  if (auto* s = as<Struct>(t)) return std::any_of(s->fields.begin(), s->fields.end(), [](Var* f) { return isNotInHeap(f->type); });
  return false;
}

int64_t megabytes(int64_t n) { return n >> 20; }

}  // namespace

// Where gc sees a type that is written here: at the declaration of a package-level object, at the statement in a body.
void Checker::noteWritten(Type* t, Pos own) {
  Pos pos = own;
  if (env_.sig != nullptr && stmtPos_.isValid()) {
    pos = stmtPos_;
  } else if (env_.sig == nullptr && !path_.empty()) {
    pos = path_.back()->pos;
  }
  writtenTypes_.push_back({t, pos});
}

void Checker::restrictions() {
  if (errorCount_ != 0) return;
  env_ = Environment{};
  env_.version = pkg_->version;
  notInHeap();
  if (errorCount_ != 0) return;
  misplacedDirectives();
  linknames();
  functionDirectives();
  embeds();
  if (errorCount_ != 0) return;
  sizes();
}

void Checker::misplacedDirectives() {
  for (const syntax::File* f : pkg_->files) {
    if (f->hasErrors) return;
  }
  for (const syntax::File* f : pkg_->files) {
    for (const syntax::Directive* d : f->directives) {
      if (d->misplaced) report(d->pos, *d->misplaced, d->misplaced->format, {});
    }
  }
}

void Checker::notInHeap() {
  for (size_t i = 0; i < instancePos_.size(); i++)
    for (Type* arg : info_->instances[i].typeArgs)
      if (isNotInHeap(arg)) error(instancePos_[i], diag::NotInHeapTypeArg, arg);
  for (auto& [t, pos] : declaredContainers_) {
    if (auto* m = underAs<Map>(t)) {
      if (isNotInHeap(m->key)) error(pos, diag::NotInHeapMapKey);
      if (isNotInHeap(m->elem)) error(pos, diag::NotInHeapMapValue);
    } else if (auto* c = underAs<Chan>(t)) {
      if (isNotInHeap(c->elem)) error(pos, diag::NotInHeapChan);
    }
  }
}

void Checker::linknames() {
  std::unordered_set<std::string_view> seen;
  for (syntax::File* file : pkg_->files) {
    for (const syntax::Linkname& l : file->linknames) {
      const char* directive = l.stdOnly ? "go:linknamestd" : "go:linkname";
      if (l.target.find('[') != std::string_view::npos && l.target.find(']') != std::string_view::npos) {
        error(l.pos, diag::LinknameInstance, directive);
        continue;
      }
      Object* o = pkg_->scope->lookup(l.local);
      if (is<Func>(o) || is<Var>(o)) {
        if (!seen.insert(l.local).second) error(l.pos, diag::LinknameDuplicate, directive, l.local);
      } else if (allows(18) && !input_.patched) {
        error(l.pos, diag::LinknameTarget, directive);
      }
    }
  }
  for (Func* f : info_->functions) {
    if (f->decl == nullptr || f->decl->body != nullptr || input_.allowMissingBodies || f->name == "init") continue;
    bool method = f->signature()->recv != nullptr;
    if (method || !seen.contains(f->name)) error(f->decl->pos, diag::MissingBody);
  }
}

void Checker::functionDirectives() {
  for (Func* f : info_->functions) {
    if (f->decl == nullptr) continue;
    syntax::Pragma p = f->decl->pragma;
    if (p == syntax::Pragma::None) continue;
    bool noSplit = has(p, syntax::Pragma::NoSplit);
    if (noSplit && has(p, syntax::Pragma::SystemStack)) error(f->decl->pos, diag::NoSplitSystemStack);
    if (f->decl->body == nullptr) continue;
    if (has(p, syntax::Pragma::NoEscape)) error(f->decl->pos, diag::NoEscapeWithBody);
    if (has(p, syntax::Pragma::UintptrKeepAlive) && !has(p, syntax::Pragma::UintptrEscapes) && !noSplit) {
      error(f->decl->pos, diag::KeepAliveNeedsNoSplit);
    }
  }
}

void Checker::embeds() {
  constexpr int kFirstWithEmbed = 16;
  if (allows(kFirstWithEmbed)) return;
  for (syntax::File* file : pkg_->files) {
    for (syntax::Decl* d : file->decls) {
      auto* g = dynAs<syntax::GenDecl>(d);
      if (g == nullptr) continue;
      for (syntax::Spec* s : g->specs) {
        auto* v = dynAs<syntax::VarSpec>(s);
        if (v != nullptr && !v->embeds.empty()) error(v->embeds[0].pos, diag::EmbedVersion);
      }
    }
  }
}

void Checker::sizes() {
  for (auto& [t, pos] : writtenTypes_) {
    switch (t->kind) {
      case TypeKind::Chan:
        if (exceeds(as<Chan>(t)->elem, kMaxChanElem)) error(pos, diag::ChanElemTooLarge);
        break;
      case TypeKind::Map:
        if (exceeds(as<Map>(t)->elem, kMaxMapPart)) error(pos, diag::MapPartTooLarge, "element");
        if (exceeds(as<Map>(t)->key, kMaxMapPart)) error(pos, diag::MapPartTooLarge, "key");
        break;
      case TypeKind::Array:
        if (exceeds(t, kMaxWidth - 1) && !exceeds(as<Array>(t)->elem, kMaxWidth - 1)) {
          error(pos, diag::TypeBeyondAddresses, t);
        }
        break;
      case TypeKind::Struct: {
        auto fields = as<Struct>(t)->fields;
        bool inner = std::any_of(fields.begin(), fields.end(), [](Var* f) { return exceeds(f->type, kMaxWidth - 1); });
        if (!inner && exceeds(t, kMaxWidth - 1)) error(pos, diag::TypeTooLarge, t);
        break;
      }
      default: break;
    }
  }
  if (errorCount_ != 0) return;
  for (Func* f : info_->functions) {
    if (f->decl == nullptr || f->decl->body == nullptr) continue;
    Signature* sig = f->signature();
    int64_t args = 0;
    auto add = [&](Var* v) {
      if (v != nullptr && isValid(v->type) && !hasVarSize(v->type)) args += sizeOf(v->type);
    };
    add(sig->recv);
    for (Var* v : sig->params->vars) add(v);
    for (Var* v : sig->results->vars) add(v);
    int64_t locals = 0;
    if (auto it = largeLocals_.find(f); it != largeLocals_.end())
      for (Var* v : it->second)
        if (!exceeds(v->type, kMaxStackVar)) locals += sizeOf(v->type);
    if (args + locals >= kMaxFrame) {
      error(f->decl->isMethod && !f->decl->recv.fields.empty() ? f->decl->recv.open : f->decl->name->pos, diag::FrameTooLarge,
            megabytes(locals), megabytes(args));
    }
  }
}

}  // namespace burrow::types
