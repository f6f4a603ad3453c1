// Objects, scopes and names.
#include "types/objects.h"

#include "types/text.h"

namespace burrow::types {

bool isExportedName(std::string_view name) {
  if (name.empty()) return false;
  size_t i = 0;
  return isUpper(decodeRune(name, &i));
}

static bool samePackage(const Package* a, const Package* b) {
  if (a == b) return true;
  return a != nullptr && b != nullptr && a->path == b->path;
}

bool sameName(const Object* a, const Package* pkg, std::string_view name, bool foldCase) {
  if (foldCase && equalFold(a->name, name)) return true;
  if (a->name != name) return false;
  return isExportedName(name) || samePackage(a->pkg, pkg);
}

bool Object::isExported() const { return isExportedName(name); }

bool Object::isPackageLevel() const { return pkg != nullptr && parent != nullptr && parent == pkg->scope; }

bool TypeName::isAlias() const {
  if (type == nullptr) return false;
  switch (type->kind) {
    case TypeKind::Basic:
      // byte and rune, and whatever names a basic type from elsewhere; unsafe.Pointer is a type of its own.
      if (pkg == universe().unsafe) return false;
      return pkg != nullptr || as<Basic>(type)->name != name || type == byteType() || type == runeType();
    case TypeKind::Named: return as<Named>(type)->object != this;
    case TypeKind::TypeParam: return as<TypeParam>(type)->object != this;
    default: return true;
  }
}

void NameIndex::add(std::string_view name) {
  size_t i = next_.size();
  auto [it, fresh] = ends_.try_emplace(name, Ends{i, i});
  if (fresh) return;
  next_[it->second.last] = i;
  it->second.last = i;
}

Object* Scope::lookup(std::string_view name) const {
  if (objects_.size() > kListMax) {
    auto it = table_.find(name);
    return it == table_.end() ? nullptr : it->second;
  }
  for (size_t i = 0; i < objects_.size(); i++)
    if (names_[i] == name) return objects_[i];
  return nullptr;
}

Scope::Found Scope::lookupParent(std::string_view name, Pos pos) const {
  for (const Scope* s = this; s != nullptr; s = s->outer_) {
    Object* o = s->lookup(name);
    if (o != nullptr && (!pos.isValid() || o->scopePos <= pos)) return {const_cast<Scope*>(s), o};
  }
  return {};
}

Object* Scope::insertAs(std::string_view name, Object* object) {
  if (name == "_") return nullptr;
  if (Object* other = lookup(name)) return other;
  objects_.push_back(object);
  names_.push_back(name);
  if (objects_.size() == kListMax + 1) {
    for (size_t i = 0; i < objects_.size(); i++) table_.emplace(names_[i], objects_[i]);
  } else if (objects_.size() > kListMax) {
    table_.emplace(name, object);
  }
  return nullptr;
}

Object* Scope::insert(Object* object) {
  Object* other = insertAs(object->name, object);
  if (other == nullptr && object->parent == nullptr) object->parent = this;
  return other;
}

}  // namespace burrow::types
