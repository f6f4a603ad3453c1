// The packages that a test program is made of.
//
// Package p with files a.go, a_test.go (package p) and x_test.go (package p_test) gives
//
//     p [p.test]       a.go and a_test.go
//     p_test [p.test]  x_test.go; what it imports as "p" is the variant above
//     q [p.test]       any q that p_test needs and that imports p: the same files, but with the variant as its p
//     p.test           the generated main package, which imports the first two
//
// Without in-package tests the plain p is used and nothing is compiled twice.
#include "load/loader.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

Package* Loader::clone(const Package& original, const std::string& forTest) {
  Node& node = nodes_.emplace_back();
  node.state = State::Done;
  node.package = original;
  node.package.forTest = forTest;
  return &node.package;
}

bool Loader::loadTests(Package& plain, TestPackages* out) {
  *out = {};
  out->plain = out->tested = &plain;
  if (plain.tests.files.empty() && plain.externalTests.files.empty()) return true;
  const size_t before = errors_.size();
  const std::string path = plain.importPath;

  if (!plain.tests.files.empty() || plain.isCommand) {
    Package* tested = clone(plain, path);
    out->tested = tested;
    tested->symbolPath = path;
    tested->isCommand = false;
    auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(tested->files, plain.tests.files);
    append(tested->imports, plain.tests.imports);
    append(tested->embedPatterns, plain.tests.embedPatterns);
    tested->importsUnsafe |= plain.tests.importsUnsafe;
    std::stable_sort(tested->imports.begin(), tested->imports.end(),
                     [](const Import& a, const Import& b) { return a.path < b.path; });
    auto end = std::unique(tested->imports.begin(), tested->imports.end(),
                           [](const Import& a, const Import& b) { return a.path == b.path; });
    tested->imports.erase(end, tested->imports.end());
    GoFiles embeds;
    embeds.embedPatterns = plain.tests.embedPatterns;
    if (!resolveEmbeds(*tested, embeds)) return false;
    plain.tests.embedFiles = embeds.embedFiles;
    append(tested->embedFiles, embeds.embedFiles);
    stack_.push_back({tested, {}});
    for (const Import& import : tested->imports) {
      if (tested->resolved.contains(import.path)) continue;
      Package* imported = this->import(*tested, import);
      if (!imported || imported->incomplete) {
        tested->incomplete = true;
        continue;
      }
      tested->resolved[import.path] = imported;
    }
    stack_.pop_back();
  }

  if (!plain.externalTests.files.empty()) {
    Node& node = nodes_.emplace_back();
    node.state = State::Done;
    Package& external = node.package;
    static_cast<GoFiles&>(external) = plain.externalTests;
    external.importPath = external.symbolPath = path + "_test";
    external.name = plain.name + "_test";
    external.dir = plain.dir;
    external.language = plain.language;
    external.module = plain.module;
    external.isStd = plain.isStd;
    external.forTest = path;
    if (!resolveEmbeds(external, external)) return false;
    plain.externalTests.embedFiles = external.embedFiles;
    stack_.push_back({&external, {}});
    for (const Import& import : external.imports) {
      if (import.path == path) {
        external.resolved[path] = out->tested;
        continue;
      }
      Package* imported = this->import(external, import);
      if (!imported || imported->incomplete) {
        external.incomplete = true;
        continue;
      }
      external.resolved[import.path] = imported;
    }
    stack_.pop_back();
    out->external = &external;
  }
  if (errors_.size() != before || out->tested->incomplete || (out->external && out->external->incomplete)) return false;

  // Whoever imports the plain package, and is itself needed by the test, must see the variant instead.
  if (out->tested != &plain) {
    std::map<const Package*, Package*> copies{{&plain, out->tested}};
    const std::vector<Package*> known = order_;  // each after its imports
    std::set<const Package*> needed;
    std::vector<const Package*> work{out->tested};
    if (out->external) work.push_back(out->external);
    while (!work.empty()) {
      const Package* p = work.back();
      work.pop_back();
      if (!needed.insert(p).second) continue;
      for (const auto& [name, imported] : p->resolved) work.push_back(imported);
    }
    std::vector<Package*> made;
    for (Package* p : known) {
      if (p == &plain || !p->forTest.empty() || !needed.contains(p)) continue;
      bool affected = false;
      for (const auto& [name, imported] : p->resolved) affected |= copies.contains(imported);
      if (!affected) continue;
      Package* copy = clone(*p, path);
      for (auto& [name, imported] : copy->resolved) {
        if (auto c = copies.find(imported); c != copies.end()) imported = c->second;
      }
      copies[p] = copy;
      made.push_back(copy);
    }
    // The package's own tests must not need what needs the package.
    for (const auto& [name, imported] : out->tested->resolved) {
      if (!copies.contains(imported) || imported->forTest == path) continue;
      std::string text = fmt::format("package {}\n\timports {}", path, imported->importPath);
      const Package* at = imported;
      while (at != &plain) {
        const Package* next = nullptr;
        for (const auto& [n, q] : at->resolved) {
          if (copies.contains(q)) next = q;
        }
        if (!next) break;
        text += "\n\timports " + next->importPath;
        at = next;
      }
      errors_.push_back(text + ": import cycle not allowed in test");
      return false;
    }
    if (out->external) {
      for (auto& [name, imported] : out->external->resolved) {
        if (auto c = copies.find(imported); c != copies.end()) imported = c->second;
      }
    }
    order_.push_back(out->tested);
    order_.insert(order_.end(), made.begin(), made.end());
  }
  if (out->external) order_.push_back(out->external);

  Node& node = nodes_.emplace_back();
  node.state = State::Done;
  Package& main = node.package;
  main.importPath = path + ".test";
  main.symbolPath = main.name = "main";
  main.dir = plain.dir;
  main.language = languageOf(options_.goRoot.version.substr(2));
  main.module = plain.module;
  main.forTest = path;
  main.isCommand = main.isTestMain = true;
  out->main = &main;
  return true;
}

bool Loader::addImport(Package& package, const std::string& path) {
  if (package.resolved.contains(path)) return true;
  Node* node = isStandard(path) ? standard(path) : nullptr;
  if (node == nullptr) return false;
  // What is new comes before the importer.
  std::vector<Package*> rest;
  if (auto at = std::find(order_.begin(), order_.end(), &package); at != order_.end()) {
    rest.assign(at, order_.end());
    order_.erase(at, order_.end());
  }
  visit(*node, {});
  for (Package* p : rest) {
    if (std::find(order_.begin(), order_.end(), p) == order_.end()) order_.push_back(p);
  }
  if (node->package.incomplete) return false;
  package.imports.push_back({path, {}});
  package.resolved[path] = &node->package;
  return true;
}

bool Loader::setMainText(TestPackages& test, std::string text, const std::vector<std::string>& imports) {
  Package& main = *test.main;
  SourceEntry entry;
  entry.path = main.dir + "/_testmain.go";
  entry.hash = hashOf(text);
  entry.source = files_.add("_testmain.go", std::move(text));
  if (!entry.source) return false;
  main.files.push_back(std::move(entry));
  for (const std::string& path : imports) {
    Package* imported = nullptr;
    if (path == test.plain->importPath) {
      imported = test.tested;
    } else if (test.external && path == test.external->importPath) {
      imported = test.external;
    } else if (Package* known = isStandard(path) ? nullptr : find(path)) {
      imported = known;
    } else if (Node* node = standard(path)) {
      visit(*node, {});
      imported = &node->package;
    }
    if (!imported || imported->incomplete) return false;
    main.imports.push_back({path, {}});
    main.resolved[path] = imported;
  }
  // The runtime is part of every program.
  if (options_.needRuntime) {
    if (Node* runtime = standard("runtime")) {
      visit(*runtime, {});
      main.resolved["runtime"] = &runtime->package;
    }
  }
  // What the test's own variants stand in for, the standard packages of the main package must see too (a test of package
  // strings, say, runs with one package strings).
  if (test.tested != test.plain) {
    std::map<const Package*, Package*> copies{{test.plain, test.tested}};
    std::set<const Package*> needed;
    std::vector<const Package*> work;
    for (const auto& [name, imported] : main.resolved) work.push_back(imported);
    while (!work.empty()) {
      const Package* p = work.back();
      work.pop_back();
      if (!needed.insert(p).second) continue;
      for (const auto& [name, imported] : p->resolved) work.push_back(imported);
    }
    for (Node& node : nodes_) {
      Package* p = &node.package;
      if (p->forTest != main.forTest || p->isTestMain || p == test.external) continue;
      if (Package* original = find(p->importPath)) copies.emplace(original, p);
    }
    const std::vector<Package*> known = order_;
    std::vector<Package*> made;
    for (Package* p : known) {
      if (!p->forTest.empty() || copies.contains(p) || !needed.contains(p)) continue;
      bool affected = false;
      for (const auto& [name, imported] : p->resolved) affected |= copies.contains(imported);
      if (!affected) continue;
      Package* copy = clone(*p, main.forTest);
      for (auto& [name, imported] : copy->resolved) {
        if (auto c = copies.find(imported); c != copies.end()) imported = c->second;
      }
      copies.emplace(p, copy);
      made.push_back(copy);
    }
    auto redirect = [&](Package& p) {
      for (auto& [name, imported] : p.resolved) {
        if (auto c = copies.find(imported); c != copies.end()) imported = c->second;
      }
    };
    if (test.external) redirect(*test.external);
    redirect(main);
    // Imports come first: what is new may be needed by the external test.
    if (test.external) std::erase(order_, test.external);
    order_.insert(order_.end(), made.begin(), made.end());
    if (test.external) order_.push_back(test.external);
  }
  order_.push_back(&main);
  return true;
}

}  // namespace burrow::load
