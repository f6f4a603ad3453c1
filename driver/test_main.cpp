// See test_main.h.
#include "driver/test_main.h"

#include "source/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::driver {

namespace {

// "TestX", "Test", "Test_x" but not "Testing".
bool isTestName(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  if (name.empty()) return true;
  const char c = name[0];
  if (static_cast<unsigned char>(c) < 0x80) return c < 'a' || c > 'z';
  // Lower-case letters beyond ASCII are rare enough: anything there may begin a name.
  return true;
}

// One parameter of type *testing.LETTER or *LETTER, no results.
bool hasTestSignature(const syntax::FuncDecl* f, std::string_view letter) {
  const syntax::FuncType* type = f->type;
  if (!type->results.fields.empty() || type->params.fields.size() != 1) return false;
  const syntax::Field* field = type->params.fields[0];
  if (field->names.size() > 1) return false;
  const auto* star = syntax::dynAs<syntax::StarExpr>(field->type);
  if (!star) return false;
  if (const auto* name = syntax::dynAs<syntax::Ident>(star->x)) return name->name == letter;
  if (const auto* selector = syntax::dynAs<syntax::SelectorExpr>(star->x)) return selector->sel->name == letter;
  return false;
}

std::string goQuote(const std::string& text) { return source::quoteString(text); }

// --- Comments of an example's body -----------------------------------------------------------------------------------

// The last group of comments: comments with nothing but single line breaks between them. As in Go's parser, a comment behind
// code on the same line makes a group with others on that line only.
std::vector<std::string_view> lastComments(std::string_view text) {
  std::vector<std::string_view> group;
  unsigned newlines = 0;
  bool open = false;      // the group may go on
  bool trailing = false;  // it stands behind code
  bool codeOnLine = true;
  size_t i = 0;
  auto skipQuoted = [&](char quote) {
    for (i++; i < text.size() && text[i] != quote; i++) {
      if (text[i] == '\\' && quote != '`') i++;
    }
    i++;
  };
  while (i < text.size()) {
    const char c = text[i];
    const bool line = text.substr(i).starts_with("//"), block = text.substr(i).starts_with("/*");
    if (line || block) {
      size_t end = line ? text.find('\n', i) : text.find("*/", i + 2);
      end = end == std::string_view::npos ? text.size() : line ? end : end + 2;
      if (!open || newlines > (trailing ? 0U : 1U)) {
        group.clear();
        trailing = codeOnLine;
      }
      group.push_back(text.substr(i, end - i));
      open = true;
      newlines = 0;
      i = end;
    } else if (c == '"' || c == '\'' || c == '`') {
      skipQuoted(c);
      open = false;
      codeOnLine = true;
    } else {
      if (c == '\n') {
        newlines++;
        codeOnLine = false;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        open = false;
        codeOnLine = true;
      }
      i++;
    }
  }
  return group;
}

// A comment group's text: without markers, directives, blanks at the ends of lines and blank lines in excess.
std::string commentText(const std::vector<std::string_view>& group) {
  std::vector<std::string> lines;
  for (std::string_view c : group) {
    if (c.starts_with("//")) {
      c.remove_prefix(2);
      if (c.empty()) {
        lines.emplace_back();
        continue;
      }
      if (c[0] == ' ') {
        c.remove_prefix(1);
      } else {
        // "//word:word" is a directive.
        size_t colon = c.find(':');
        bool directive = colon != std::string_view::npos && colon > 0 && colon + 1 < c.size();
        for (size_t k = 0; directive && k <= colon + 1; k++) {
          const char d = c[k];
          if (k != colon && !((d >= 'a' && d <= 'z') || (d >= '0' && d <= '9'))) directive = false;
        }
        if (directive || c.starts_with("line ") || c.starts_with("extern ") || c.starts_with("export ")) continue;
      }
    } else {
      c = c.substr(2, c.size() - 4);
    }
    for (;;) {
      size_t newline = c.find('\n');
      std::string_view line = c.substr(0, newline);
      while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
      lines.emplace_back(line);
      if (newline == std::string_view::npos) break;
      c.remove_prefix(newline + 1);
    }
  }
  std::string text;
  bool blank = true;  // also at the start
  for (const std::string& line : lines) {
    if (line.empty() && blank) continue;
    blank = line.empty();
    text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text == "\n" ? "" : text;
}

bool takeFolded(std::string_view* text, std::string_view word) {
  if (text->size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); i++) {
    char c = (*text)[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c != word[i]) return false;
  }
  text->remove_prefix(word.size());
  return true;
}

}  // namespace

bool exampleOutput(std::string_view body, std::string* output, bool* unordered) {
  const std::string text = commentText(lastComments(body));
  std::string_view rest = text;
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n')) rest.remove_prefix(1);
  *unordered = takeFolded(&rest, "unordered ");
  if (!takeFolded(&rest, "output:")) return false;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.starts_with('\n')) rest.remove_prefix(1);
  *output = rest;
  return true;
}

void collectTests(const std::vector<const syntax::File*>& files, const source::SourceFiles& sources, bool external,
                  TestFunctions* to) {
  const std::string package = external ? "_xtest" : "_test";
  bool& used = external ? to->usesExternal : to->usesTest;
  for (const syntax::File* file : files) {
    for (const syntax::Decl* decl : file->decls) {
      const auto* f = syntax::dynAs<syntax::FuncDecl>(decl);
      if (!f || f->isMethod || !f->name || !f->type) continue;
      const std::string name(f->name->name);
      const bool isGeneric = !f->type->typeParams.fields.empty();
      auto wrong = [&](const char* parameter, const char* letter) {
        source::Position p = sources.position(f->func);
        const std::string why = isGeneric ? "test functions cannot have type parameters"
                                          : fmt::format("must be: func {}({} *testing.{})", name, parameter, letter);
        to->errors.push_back(fmt::format("{}:{}:{}: wrong signature for {}, {}", p.file, p.line, p.column, name, why));
      };
      auto add = [&](std::vector<TestFunctions::Function>& list, const char* parameter, const char* letter) {
        if (isGeneric || !hasTestSignature(f, letter)) return wrong(parameter, letter);
        list.push_back({package, name});
        used = true;
      };
      if (name == "TestMain" && !hasTestSignature(f, "T")) {
        if (isGeneric || !hasTestSignature(f, "M")) {
          wrong("m", "M");
        } else if (!to->main.name.empty()) {
          to->errors.emplace_back("multiple definitions of TestMain");
        } else {
          to->main = {package, name};
          used = true;
        }
      } else if (isTestName(name, "Test")) {
        add(to->tests, "t", "T");
      } else if (isTestName(name, "Benchmark")) {
        add(to->benchmarks, "b", "B");
      } else if (isTestName(name, "Fuzz")) {
        add(to->fuzzTargets, "f", "F");
      } else if (isTestName(name, "Example") && f->body && f->type->params.fields.empty() &&
                 f->type->results.fields.empty() && !isGeneric) {
        const uint32_t from = f->body->pos.value - file->source->base, end = f->body->rbrace.value - file->source->base;
        TestFunctions::Example e;
        e.package = package;
        e.name = name;
        if (end <= from || !exampleOutput(std::string_view(file->source->text).substr(from, end - from), &e.output, &e.unordered))
          continue;
        to->examples.push_back(std::move(e));
        used = true;
      }
    }
  }
}

std::string testMainText(const TestFunctions& functions, const load::TestPackages& test, const std::string& modulePath,
                         const CoverText* cover, std::vector<std::string>* imports) {
  const std::string& path = test.plain->importPath;
  *imports = {"os", "testing", "testing/internal/testdeps"};
  std::string text = "// The main package of the test of " + path +
                     ".\npackage main\n\nimport (\n\t\"os\"\n\t\"testing\"\n\t\"testing/internal/testdeps\"\n";
  if (!functions.main.name.empty()) {
    imports->push_back("reflect");
    text += "\t\"reflect\"\n";
  }
  if (!test.tested->files.empty()) {
    imports->push_back(path);
    text += fmt::format("\t{} {}\n", functions.usesTest ? "_test" : "_", goQuote(path));
  }
  if (test.external) {
    imports->push_back(test.external->importPath);
    text += fmt::format("\t{} {}\n", functions.usesExternal ? "_xtest" : "_", goQuote(test.external->importPath));
  }
  if (cover) {
    text += cover->imports;
    for (const std::string& needed : cover->packages) {
      if (std::find(imports->begin(), imports->end(), needed) == imports->end()) imports->push_back(needed);
    }
  }
  text += ")\n\n";
  auto table = [&](const char* name, const char* type, const auto& list) {
    text += fmt::format("var {} = []testing.{}{{\n", name, type);
    for (const auto& f : list) text += fmt::format("\t{{{}, {}.{}}},\n", goQuote(f.name), f.package, f.name);
    text += "}\n\n";
  };
  table("tests", "InternalTest", functions.tests);
  table("benchmarks", "InternalBenchmark", functions.benchmarks);
  table("fuzzTargets", "InternalFuzzTarget", functions.fuzzTargets);
  text += "var examples = []testing.InternalExample{\n";
  for (const auto& e : functions.examples)
    text += fmt::format("\t{{{}, {}.{}, {}, {}}},\n", goQuote(e.name), e.package, e.name, goQuote(e.output), e.unordered);
  text += "}\n\nfunc main() {\n";
  text += fmt::format("\ttestdeps.ModulePath = {}\n\ttestdeps.ImportPath = {}\n", goQuote(modulePath), goQuote(path));
  text += "\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)\n";
  if (functions.main.name.empty()) {
    text += "\tos.Exit(m.Run())\n";
  } else {
    text += fmt::format("\t{}.{}(m)\n\tcode := reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()\n\tos.Exit(int(code))\n",
                        functions.main.package, functions.main.name);
  }
  text += "}\n";
  return cover ? text + "\n" + cover->code : text;
}

}  // namespace burrow::driver
