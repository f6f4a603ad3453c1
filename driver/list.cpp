// `burrow list`: what the loader knows about packages (and modules), as text, as JSON with the go command's fields, or
// through a template (driver/template.h).
#include "driver/build.h"
#include "driver/template.h"
#include "driver/test_main.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <set>

namespace burrow::driver {

namespace {

using Json = nlohmann::ordered_json;

void put(Json& to, const char* name, const std::string& value) {
  if (!value.empty()) to[name] = value;
}
void put(Json& to, const char* name, const std::vector<std::string>& value) {
  if (!value.empty()) to[name] = value;
}
void put(Json& to, const char* name, bool value) {
  if (value) to[name] = true;
}

std::vector<std::string> names(const load::GoFiles& files) {
  std::vector<std::string> out;
  for (const load::SourceEntry& e : files.files) out.emplace_back(load::baseName(e.path));
  return out;
}

std::vector<std::string> imports(const load::Package& package, const load::GoFiles& files) {
  std::vector<std::string> out;
  for (const load::Import& i : files.imports) {
    auto resolved = package.resolved.find(i.path);
    out.push_back(resolved == package.resolved.end() ? i.path : resolved->second->title());
  }
  if (files.importsUnsafe) out.emplace_back("unsafe");
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> patterns(const load::GoFiles& files) {
  std::set<std::string> out;
  for (const load::EmbedPattern& p : files.embedPatterns) out.insert(p.pattern);
  return {out.begin(), out.end()};
}

Json moduleJson(const load::Module& m) {
  Json out = Json::object();
  put(out, "Path", m.path);
  put(out, "Version", m.version);
  if (m.replace) out["Replace"] = moduleJson(*m.replace);
  put(out, "Time", m.time);
  put(out, "Main", m.isMain);
  put(out, "Indirect", m.indirect);
  put(out, "Dir", m.dir);
  put(out, "GoMod", m.goMod);
  put(out, "GoVersion", m.goVersion);
  put(out, "Sum", m.sum);
  return out;
}

// All fields of an object that templates can ask for, by what an absent one is.
struct Fields {
  std::vector<const char*> texts, flags, lists, maps, objects;
};

const Fields& packageFields() {
  static const Fields fields{
      {"Dir", "ImportPath", "ImportComment", "Name", "Doc", "Target", "Shlib", "Root", "ConflictDir", "ForTest", "Export", "BuildID", "DefaultGODEBUG", "StaleReason"},
      {"Goroot", "Standard", "DepOnly", "BinaryOnly", "Incomplete", "Stale"},
      {"Match", "GoFiles", "CgoFiles", "CompiledGoFiles", "IgnoredGoFiles", "InvalidGoFiles", "IgnoredOtherFiles", "CFiles", "CXXFiles", "MFiles", "HFiles", "FFiles", "SFiles",
       "SwigFiles", "SwigCXXFiles", "SysoFiles", "CgoCFLAGS", "CgoCPPFLAGS", "CgoCXXFLAGS", "CgoFFLAGS", "CgoLDFLAGS", "CgoPkgConfig", "EmbedPatterns", "EmbedFiles", "Imports", "Deps",
       "DepsErrors", "TestGoFiles", "TestImports", "TestEmbedPatterns", "TestEmbedFiles", "XTestGoFiles", "XTestImports", "XTestEmbedPatterns", "XTestEmbedFiles"},
      {"ImportMap"},
      {"Module", "Error"}};
  return fields;
}

const Fields& moduleFields() {
  static const Fields fields{{"Path", "Version", "Query", "Dir", "GoMod", "GoVersion", "Deprecated", "Sum", "GoModSum"},
                             {"Main", "Indirect", "Reuse"},
                             {"Versions", "Retracted"},
                             {},
                             {"Replace", "Time", "Update", "Origin", "Error"}};
  return fields;
}

void complete(Json& object, const Fields& fields) {
  auto each = [&](const std::vector<const char*>& names, const Json& empty) {
    for (const char* name : names)
      if (!object.contains(name)) object[name] = empty;
  };
  each(fields.texts, "");
  each(fields.flags, false);
  each(fields.lists, Json::array());
  each(fields.maps, Json::object());
  each(fields.objects, nullptr);
  for (const char* name : {"Module", "Replace"})
    if (auto found = object.find(name); found != object.end() && found->is_object()) complete(*found, moduleFields());
}

struct Lister {
  const load::LoadOptions& options;
  load::Loader& loader;
  const std::set<const load::Package*>& roots;

  std::set<std::string> dependencies(const load::Package& package) const {
    std::set<std::string> out;
    std::set<const load::Package*> seen{&package};
    std::vector<const load::Package*> work{&package};
    const bool hasRuntime = !package.isCommand || package.resolved.contains("runtime");
    if (const load::Package* runtime = hasRuntime ? nullptr : loader.find("runtime")) work.push_back(runtime);
    while (!work.empty()) {
      const load::Package* p = work.back();
      work.pop_back();
      if (p != &package) out.insert(p->title());
      if (p->importsUnsafe) out.insert("unsafe");
      for (const auto& [path, imported] : p->resolved) {
        if (seen.insert(imported).second) work.push_back(imported);
      }
    }
    return out;
  }

  Json package(const load::Package& p) const {
    Json out = Json::object();
    put(out, "Dir", p.dir);
    out["ImportPath"] = p.isTestMain ? p.importPath : p.title();
    put(out, "Name", p.name);
    put(out, "Doc", p.doc);
    if (p.isStd) {
      put(out, "Root", options.goRoot.path);
    } else if (p.module) {
      put(out, "Root", p.module->dir);
    }
    put(out, "ForTest", p.isTestMain ? "" : p.forTest);
    if (p.module) out["Module"] = moduleJson(*p.module);
    put(out, "Match", loader.matches(p));
    put(out, "Goroot", p.isStd);
    put(out, "Standard", p.isStd);
    put(out, "DepOnly", !roots.contains(&p));
    put(out, "Incomplete", p.incomplete);
    put(out, "GoFiles", names(p));
    put(out, "IgnoredGoFiles", p.names.ignoredGo);
    put(out, "IgnoredOtherFiles", p.names.ignoredOther);
    put(out, "CFiles", p.names.c);
    put(out, "CXXFiles", p.names.cxx);
    put(out, "MFiles", p.names.m);
    put(out, "HFiles", p.names.h);
    put(out, "FFiles", p.names.fortran);
    put(out, "SFiles", p.names.s);
    put(out, "SwigFiles", p.names.swig);
    put(out, "SwigCXXFiles", p.names.swigCxx);
    put(out, "SysoFiles", p.names.syso);
    put(out, "EmbedPatterns", patterns(p));
    put(out, "EmbedFiles", p.embedFiles);
    put(out, "Imports", imports(p, p));
    Json map = Json::object();
    for (const auto& [path, imported] : p.resolved) {
      if (path != imported->title()) map[path] = imported->title();
    }
    if (!map.empty()) out["ImportMap"] = map;
    std::set<std::string> deps = dependencies(p);
    put(out, "Deps", std::vector<std::string>(deps.begin(), deps.end()));
    if (!p.error.empty()) out["Error"] = Json{{"ImportStack", Json::array({p.importPath})}, {"Pos", ""}, {"Err", p.error}};
    if (p.forTest.empty()) {
      put(out, "TestGoFiles", names(p.tests));
      put(out, "TestImports", imports(p, p.tests));
      put(out, "TestEmbedPatterns", patterns(p.tests));
      put(out, "TestEmbedFiles", p.tests.embedFiles);
      put(out, "XTestGoFiles", names(p.externalTests));
      put(out, "XTestImports", imports(p, p.externalTests));
      put(out, "XTestEmbedPatterns", patterns(p.externalTests));
      put(out, "XTestEmbedFiles", p.externalTests.embedFiles);
    }
    return out;
  }
};

}  // namespace

int Build::list() {
  const std::pair<bool, const char*> clashes[] = {
      {!flags_.format.empty() && flags_.json, "go list -f cannot be used with -json"},
      {flags_.modules && flags_.deps, "go list -deps cannot be used with -m"},
      {flags_.modules && flags_.find, "go list -find cannot be used with -m"},
      {flags_.modules && flags_.withTests, "go list -test cannot be used with -m"},
      {flags_.find && flags_.deps, "go list -deps cannot be used with -find"},
      {flags_.find && flags_.withTests, "go list -test cannot be used with -find"}};
  for (const auto& [given, message] : clashes) {
    if (!given) continue;
    fail(message);
    return 1;
  }
  options_.readTests = options_.listing = true;
  options_.runtimeForAll = false;
  if (!start()) return 1;
  loader_ = std::make_unique<load::Loader>(options_, files_, names_);
  std::unique_ptr<Template> format;
  if (!flags_.format.empty()) {
    std::string message;
    format = Template::parse(flags_.format, &message);
    if (!format) {
      fail("burrow: template: main:" + message);
      return 1;
    }
  }
  std::vector<std::string> fields;
  for (size_t i = 0; i < flags_.jsonFields.size();) {
    size_t comma = std::min(flags_.jsonFields.find(',', i), flags_.jsonFields.size());
    fields.push_back(flags_.jsonFields.substr(i, comma - i));
    i = comma + 1;
  }
  bool failed = false;
  auto show = [&](Json value, const Fields& all, const std::string& plain) {
    if (flags_.json) {
      if (!fields.empty()) {
        Json some = Json::object();
        for (const auto& [name, v] : value.items()) {
          if (std::find(fields.begin(), fields.end(), name) != fields.end()) some[name] = v;
        }
        value = some;
      }
      std::puts(value.dump(1, '\t', false, Json::error_handler_t::replace).c_str());
    } else if (format) {
      complete(value, all);
      std::string text, message;
      if (!format->run(value, &text, &message)) {
        fail("burrow: template: main:" + message);
        failed = true;
        return;
      }
      if (!text.empty()) std::printf("%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
    } else {
      std::puts(plain.c_str());
    }
  };

  if (flags_.modules) {
    load::Modules& modules = loader_->modules();
    if (!modules.open(paths_.cwd)) {
      for (const std::string& e : modules.errors()) fail(e);
      if (modules.errors().empty()) fail("burrow: cannot match \"all\": go.mod file not found in current directory or any parent directory; see 'go help modules'");
      return 1;
    }
    std::string message;
    std::vector<load::Module*> all = modules.all(&message);
    if (!message.empty()) {
      fail("go: " + message);
      return 1;
    }
    std::vector<load::Module*> chosen;
    if (flags_.arguments.empty()) chosen = modules.mains();
    for (const std::string& a : flags_.arguments) {
      bool any = false;
      for (load::Module* m : all) {
        const bool dots = a.ends_with("...");
        if (a != "all" && m->path != a && !(dots && m->path.starts_with(a.substr(0, a.size() - 3)))) continue;
        any = true;
        if (std::find(chosen.begin(), chosen.end(), m) == chosen.end()) chosen.push_back(m);
      }
      if (!any) {
        fail(fmt::format("go: module {}: not a known dependency", a));
        failed = true;
      }
    }
    for (const load::Module* m : chosen) {
      std::string plain = m->path + (m->version.empty() ? "" : " " + m->version);
      if (m->replace) plain += " => " + m->replace->path + (m->replace->version.empty() ? "" : " " + m->replace->version);
      show(moduleJson(*m), moduleFields(), plain);
    }
    return failed ? 1 : 0;
  }

  roots_ = loader_->load(flags_.arguments);
  program_ = std::make_unique<load::Program>(files_, names_);
  for (const std::string& w : loader_->warnings()) std::fprintf(stderr, "%s\n", w.c_str());
  if (flags_.withTests) {
    std::vector<load::Package*> with;
    for (load::Package* root : roots_) {
      with.push_back(root);
      load::TestPackages test;
      if (!loader_->loadTests(*root, &test) || !test.main) continue;
      std::vector<std::string> wanted;
      TestFunctions none;
      std::string text = testMainText(none, test, "", nullptr, &wanted);
      loader_->setMainText(test, std::move(text), wanted);
      with.push_back(test.main);
      if (test.tested != root) with.push_back(test.tested);
      if (test.external) with.push_back(test.external);
    }
    roots_ = with;
  }
  if (!flags_.tolerant && !loader_->errors().empty()) {
    for (const std::string& e : loader_->errors()) std::fprintf(stderr, "%s\n", e.c_str());
    failed = true;
  }
  setProfilesOfRoots();
  std::set<const load::Package*> roots(roots_.begin(), roots_.end());
  std::vector<const load::Package*> shown(roots_.begin(), roots_.end());
  load::Package unsafe;
  if (flags_.deps) {
    // Everything they need, each after its imports.
    std::set<const load::Package*> needed;
    std::vector<const load::Package*> work(roots_.begin(), roots_.end());
    bool usesUnsafe = false;
    while (!work.empty()) {
      const load::Package* p = work.back();
      work.pop_back();
      if (!needed.insert(p).second) continue;
      usesUnsafe |= p->importsUnsafe;
      for (const auto& [path, imported] : p->resolved) work.push_back(imported);
      const bool hasRuntime = !p->isCommand || p->resolved.contains("runtime");
      if (const load::Package* runtime = hasRuntime ? nullptr : loader_->find("runtime")) work.push_back(runtime);
    }
    shown.clear();
    if (usesUnsafe && !loader_->find("unsafe")) {
      unsafe.importPath = unsafe.name = "unsafe";
      unsafe.dir = options_.goRoot.path + "/src/unsafe";
      unsafe.isStd = true;
      shown.push_back(&unsafe);
    }
    for (const load::Package* p : loader_->order()) {
      if (needed.contains(p)) shown.push_back(p);
    }
  }
  Lister lister{options_, *loader_, roots};
  for (const load::Package* p : shown) {
    if (!flags_.tolerant && p->incomplete && !p->error.empty()) continue;
    std::string plain = p->title();
    show(flags_.json || format ? lister.package(*p) : Json(), packageFields(), plain);
  }
  return failed && !flags_.tolerant ? 1 : 0;
}

}  // namespace burrow::driver
