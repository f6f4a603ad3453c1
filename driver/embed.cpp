// See embed.h.
#include "driver/embed.h"

#include "load/mod_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace burrow::driver {

namespace {

using Reloc = ir::Global::Reloc;
constexpr size_t kHashSize = 16;

// "a/b/c" -> "a/b", "c"; package embed searches the table in the order of these pairs.
std::pair<std::string_view, std::string_view> splitName(std::string_view name) {
  if (name.ends_with('/')) name.remove_suffix(1);
  size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return {".", name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

class Embedder {
 public:
  Embedder(CompileJob& job, load::Program& program) : job_(job), program_(program), T_(*job.types) {}

  void variable(const syntax::VarSpec* spec) {
    const syntax::Ident* name = spec->names[0];
    ir::Global* global = job_.module->global(fmt::format("{}.{}", job_.package->symbolPath, name->name));
    if (!global) return;  // blank
    const ir::TypeKind kind = T_.kind(global->type);
    const bool isFs = T_.goString(global->type) == "embed.FS", isString = kind == ir::TypeKind::String,
               isBytes = kind == ir::TypeKind::Slice && T_.kind(T_.elem(global->type)) == ir::TypeKind::Uint8;
    if (!isFs && !isString && !isBytes)
      return error(name->pos, fmt::format("go:embed cannot apply to var of type {}", T_.goString(global->type)));
    std::vector<std::string> files = list(spec, isFs);
    if (isFs) return table(*global, files);
    if (files.size() > 1)
      return error(name->pos, fmt::format("invalid go:embed: multiple files for type {}", T_.goString(global->type)));
    std::string content;
    if (files.empty() || !read(name->pos, files[0], &content)) return;
    if (isString) {
      text(*global, 0, content);
    } else {
      ir::Global& bytes = job_.module->addGlobal(global->name + ".data", T_.array(T_.uint8Type(), static_cast<int64_t>(content.size())));
      bytes.linkage = ir::Linkage::Internal;
      bytes.data.assign(content.begin(), content.end());
      slice(*job_.module->global(fmt::format("{}.{}", job_.package->symbolPath, name->name)), bytes.name, 0,
            static_cast<int64_t>(content.size()));
    }
  }

 private:
  void error(source::Pos pos, const std::string& message) {
    job_.errors.push_back(fmt::format("{}: {}", program_.files().position(pos).str(), message));
  }

  std::vector<std::string> list(const syntax::VarSpec* spec, bool withFolders) {
    std::set<std::string> all;
    for (const syntax::EmbedPattern& e : spec->embeds) {
      auto found = job_.package->embedByPattern.find(e.pattern);
      if (found == job_.package->embedByPattern.end()) {
        error(e.pos, fmt::format("invalid go:embed: build system did not map pattern: {}", e.pattern));
        continue;
      }
      for (const std::string& file : found->second) {
        all.insert(file);
        for (size_t slash = file.rfind('/'); withFolders && slash != std::string::npos; slash = file.rfind('/', slash - 1))
          all.insert(file.substr(0, slash + 1));
      }
    }
    std::vector<std::string> sorted(all.begin(), all.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return splitName(a) < splitName(b); });
    return sorted;
  }

  bool read(source::Pos pos, const std::string& file, std::string* content) {
    std::string message;
    if (load::readFile(job_.package->embedPath(file), content, &message)) return true;
    error(pos, fmt::format("embed {}: {}", file, message));
    return false;
  }

  void grow(ir::Global& g, size_t size) {
    if (g.data.size() < size) g.data.resize(size);
  }
  void number(ir::Global& g, size_t offset, int64_t value) {
    grow(g, offset + 8);
    std::memcpy(g.data.data() + offset, &value, 8);
  }
  void text(ir::Global& g, size_t offset, std::string_view value) {
    number(g, offset, 0);
    number(g, offset + 8, static_cast<int64_t>(value.size()));
    if (value.empty()) return;
    Reloc r = {};
    r.offset = static_cast<int64_t>(offset);
    r.kind = Reloc::StringData;
    r.sym = job_.module->intern(value);
    g.relocs.push_back(r);
  }
  void address(ir::Global& g, size_t offset, std::string_view symbol, int64_t addend) {
    number(g, offset, 0);
    Reloc r = {};
    r.offset = static_cast<int64_t>(offset);
    r.kind = Reloc::GlobalAddr;
    r.sym = job_.module->intern(symbol);
    r.addend = addend;
    g.relocs.push_back(r);
  }
  void slice(ir::Global& g, std::string_view symbol, int64_t addend, int64_t length) {
    address(g, 0, symbol, addend);
    number(g, 8, length);
    number(g, 16, length);
  }

  // embed.FS is a pointer to a slice of {name, data string; hash [16]byte}. Folders end in '/' and have no data.
  void table(ir::Global& fs, const std::vector<std::string>& files) {
    const std::string name = fs.name + ".files";
    const auto count = static_cast<int64_t>(files.size());
    const ir::TypeId file = T_.structOf({{"name", "embed", T_.stringType(), "", false},
                                         {"data", "embed", T_.stringType(), "", false},
                                         {"hash", "embed", T_.array(T_.uint8Type(), kHashSize), "", false}});
    const ir::TypeId whole = T_.structOf({{"header", "embed", T_.slice(file), "", false},
                                          {"files", "embed", T_.array(file, count), "", false}});
    ir::Global& g = job_.module->addGlobal(name, whole);
    g.linkage = ir::Linkage::Internal;
    constexpr size_t kHeader = 24, kEntry = 32 + kHashSize;
    slice(g, name, kHeader, count);
    grow(g, kHeader + files.size() * kEntry);
    for (size_t i = 0; i < files.size(); i++) {
      const size_t at = kHeader + i * kEntry;
      text(g, at, files[i]);
      if (files[i].ends_with('/')) continue;
      std::string content;
      if (!read({}, files[i], &content)) continue;
      text(g, at + 16, content);
      std::memcpy(g.data.data() + at + 32, load::sha256(content).data(), kHashSize);
    }
    address(*job_.module->global(name.substr(0, name.size() - 6)), 0, name, 0);
  }

  CompileJob& job_;
  load::Program& program_;
  ir::TypeTable& T_;
};

}  // namespace

void embedFiles(CompileJob& job, load::Program& program, const load::Program::Unit& unit) {
  if (job.package->embedByPattern.empty()) return;
  Embedder embedder(job, program);
  for (const syntax::File* file : unit.trees) {
    for (const syntax::Decl* decl : file->decls) {
      const auto* group = syntax::dynAs<syntax::GenDecl>(decl);
      if (!group) continue;
      for (const syntax::Spec* spec : group->specs) {
        const auto* var = syntax::dynAs<syntax::VarSpec>(spec);
        if (var && !var->embeds.empty()) embedder.variable(var);
      }
    }
  }
}

}  // namespace burrow::driver
