// See compile.h.
#include "driver/compile.h"

#include "codegen/codegen.h"
#include "driver/dump_types.h"
#include "driver/embed.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "irgen/irgen.h"
#include "link/sidecar.h"
#include "passes/pipeline.h"
#include "syntax/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <tuple>

namespace burrow::driver {

std::string CompilerFlags::key() const { 
  return fmt::format("O{} lang={}{}{}{}{} v{}{}{}", optLevel, language, inlining ? "" : " -l", boundsChecks ? "" : " -B",
                     positionIndependent ? " pie" : "", lto ? " lto" : "", amd64Level, llvmLevel < 0 || llvmLevel >= optLevel ? "" : fmt::format(" level={}", llvmLevel),
                     without.empty() ? "" : " without=" + without.text());
}

namespace {

// From 0 to `most`, and nothing behind it.
template <typename T>
bool parseNumber(std::string_view text, T most, T* value) {
  const auto end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, *value);
  return problem == std::errc() && at == end && *value >= 0 && *value <= most;
}

}  // namespace

bool parseCompilerFlags(const std::vector<std::string>& words, CompilerFlags* flags, std::string* error) {
  // Flags of gc's compiler that change nothing here: reports and checks of its own passes, its file formats, its caches.
  constexpr std::string_view harmless[] = {"C",
                                           "E",
                                           "K",
                                           "L",
                                           "W",
                                           "h",
                                           "j",
                                           "r",
                                           "t",
                                           "v",
                                           "w",
                                           "dwarf",
                                           "dwarflocationlists",
                                           "shared",
                                           "pack",
                                           "nolocalimports",
                                           "live",
                                           "race",
                                           "dynlink",
                                           "smallframes",
                                           "wb",
                                           "dwarfbasentries",
                                           "errorurl"};
  constexpr std::string_view withValue[] = {"p",
                                            "c",
                                            "D",
                                            "I",
                                            "asmhdr",
                                            "buildid",
                                            "embedcfg",
                                            "goversion",
                                            "importcfg",
                                            "installsuffix",
                                            "spectre",
                                            "trimpath",
                                            "json",
                                            "o",
                                            "memprofile",
                                            "cpuprofile",
                                            "linkobj",
                                            "symabis",
                                            "env",
                                            "coveragecfg"};
  for (size_t i = 0; i < words.size(); i++) {
    std::string_view word = words[i];
    if (!word.starts_with('-') || word.size() < 2) {
      *error = fmt::format("compile: unexpected argument {}", word);
      return false;
    }
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    size_t equals = word.find('=');
    std::string_view name = word.substr(0, equals),
                     value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
    const bool on = value != "false" && value != "0";
    auto isIn = [&](const auto& list) {
      for (std::string_view n : list) {
        if (n == name) return true;
      }
      return false;
    };
    if (name == "N") {
      flags->optLevel = on ? 0 : 2;
    } else if (name == "e") {
      flags->allErrors = on;
    } else if (name == "m") {
      flags->reasons = on && (flags->escapeNotes || (!value.empty() && value != "true" && value != "1"));
      flags->escapeNotes = on;
    } else if (name == "B") {
      flags->boundsChecks = !on;
    } else if (name == "l") {
      // A count: one switches the inliner off, four asks for more of it than there is.
      flags->inlining = !on || (value != "" && value != "1" && value != "true");
    } else if (name == "S") {
      flags->assembly = on;
    } else if (name == "complete") {
      flags->missingBodies = !on;
    } else if (name == "std" || name == "+") {
      flags->asStd = on;
    } else if (name == "lang") {
      if (equals == std::string_view::npos && i + 1 < words.size()) value = words[++i];
      if (types::parseLangVersion(value).minor == 0) {
        *error = fmt::format("invalid value \"{}\" for -lang: should be something like \"go1.12\"", value);
        return false;
      }
      flags->language = value;
    } else if (name == "pgoprofile") {
      if (equals == std::string_view::npos && i + 1 < words.size()) value = words[++i];
      flags->profile = value;
    } else if (name == "d") {
      // Of gc's debugging keys what -m says more by, and what counts as hot in a profile; and two of our own.
      if (equals == std::string_view::npos && i + 1 < words.size()) value = words[++i];
      for (std::string_view rest = value; !rest.empty();) {
        const std::string_view key = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), key.size() + 1));
        const std::string_view number = key.substr(std::min(key.size(), key.find('=') + 1));
        if (key.starts_with("pgoinlinebudget=") && !parseNumber(number, INT32_MAX, &flags->hotBudget)) {
          *error = fmt::format("invalid debug value \"{}\" for pgoinlinebudget", number);
          return false;
        }
        if (key.starts_with("pgoinlinecdfthreshold=") && !parseNumber(number, 100.0, &flags->hotPercent)) {
          *error = "invalid PGOInlineCDFThreshold, must be between 0 and 100";
          return false;
        }
        if (key == "escapemutationscalls" || key == "escapemutationscalls=1") flags->mutations = true;
        if (key.starts_with("without=") && !flags->without.parse(key.substr(8), error)) return false;
        if (key.starts_with("level=")) {
          if (key.size() != 7 || key[6] < '0' || key[6] > '2') {
            *error = fmt::format("invalid value \"{}\" for -d=level: LLVM's level is 0, 1 or 2", key.substr(6));
            return false;
          }
          flags->llvmLevel = key[6] - '0';
        }
      }
      if (flags->without(ir::Optimisation::Inline)) flags->inlining = false;
    } else if (isIn(withValue)) {
      if (equals == std::string_view::npos) i++;
    } else if (!isIn(harmless)) {
      *error = fmt::format("flag provided but not defined: -{}\nusage: compile [options] file.go...", name);
      return false;
    }
  }
  return true;
}

bool isDumpPhase(std::string_view phase) {
  for (std::string_view known : {"tokens", "ast", "types", "ir", "llvm", "llvm-opt", "asm"}) {
    if (phase == known) return true;
  }
  return phase.starts_with("ir-") && passes::passByName(phase.substr(3));
}

std::string dumpPhases() {
  std::string text = "tokens, ast, types, ir";
  for (const passes::Pass& pass : passes::allPasses()) text += fmt::format(", ir-{}", pass.name);
  return text + ", llvm, llvm-opt, asm";
}

namespace {

// -X: the variable begins with this text instead of its own. What is not there is ignored, as in gc.
void setString(CompileJob& job, const std::string& symbol, const std::string& text) {
  ir::Global* global = job.module->global(symbol);
  if (!global || global->external) return;
  if (job.module->types.kind(global->type) != ir::TypeKind::String) {
    job.errors.push_back(fmt::format("{}: cannot set with -X: not a var of type string ({})", symbol,
                                     job.module->types.goString(global->type)));
    return;
  }
  const auto length = static_cast<uint64_t>(text.size());
  global->data.assign(16, 0);
  std::memcpy(global->data.data() + 8, &length, sizeof length);
  global->relocs.clear();
  if (text.empty()) return;
  ir::Global::Reloc reloc = {};
  reloc.kind = ir::Global::Reloc::StringData;
  reloc.sym = job.module->intern(text);
  global->relocs.push_back(reloc);
}

}  // namespace

bool lower(load::Program& program, CompileJob& job) {
  load::Package& package = *job.package;
  if (job.dump.is("tokens")) {
    for (load::SourceEntry& entry : package.files) {
      // Tokens are shown also of files that do not parse; scanning fills these again.
      entry.source->lineStarts.clear();
      entry.source->lineDirectives.clear();
      job.dumped +=
          fmt::format("{}{}:\n{}", job.dumped.empty() ? "" : "\n", entry.path, syntax::printTokens(*entry.source));
    }
    return false;
  }
  load::Program::Unit& parsed = program.parse(package);
  if (job.dump.is("ast")) {
    for (size_t i = 0; i < parsed.trees.size(); i++) {
      job.dumped += fmt::format("{}{}:\n{}", i == 0 ? "" : "\n", package.files[i].path,
                                syntax::printTree(parsed.trees[i], *package.files[i].source));
    }
    return false;
  }
  load::CheckOptions options;
  options.language = job.flags.language;
  options.missingBodies = job.flags.missingBodies;
  load::Program::Unit& unit = program.check(package, options);
  if (!unit.checked) return false;
  if (job.dump.is("types")) {
    job.dumped = dumpTypes(*unit.types, program.files());
    return false;
  }
  job.hasMain = unit.types->scope->lookup("main") != nullptr;
  job.types = std::make_unique<ir::TypeTable>();
  const irgen::Options lowering = {
      .describe = job.flags.escapeNotes, .boundsChecks = job.flags.boundsChecks, .without = job.flags.without};
  job.module = irgen::generate({program.context(), program.files()}, *unit.types, *job.types, lowering, unit.diagnostics);
  if (!unit.diagnostics.empty()) return false;
  for (const auto& [symbol, text] : job.strings) setString(job, symbol, text);
  embedFiles(job, program, unit);
  if (!job.ok()) return false;
  job.hasInit = !job.module->initFunctions.empty();
  std::vector<std::string> broken = ir::verify(*job.module);
  for (const std::string& e : broken) job.errors.push_back("internal compiler error: " + e);
  if (job.dump.is("ir")) job.dumped = ir::print(*job.module);
  if (!broken.empty() || job.dump.is("ir")) return false;

  passes::PipelineOptions pipeline;
  pipeline.optLevel = job.flags.optLevel;
  pipeline.context.summaries = job.summaries;
  pipeline.context.bodies = job.bodies;
  pipeline.context.visible = job.visible;
  pipeline.context.inlining = job.flags.inlining;
  pipeline.context.optimise = job.flags.optLevel != 0;
  pipeline.context.reasons = job.flags.reasons;
  pipeline.context.mutations = job.flags.mutations;
  pipeline.context.without = job.flags.without;
  pipeline.context.exported = &job.inlinable;
  pipeline.context.profile = job.profile;
  pipeline.context.hotBudget = job.flags.hotBudget;
  std::vector<passes::Note> notes;
  if (job.flags.escapeNotes) pipeline.context.notes = &notes;
  if (job.dump.phase.starts_with("ir-")) {
    pipeline.after = [&](std::string_view pass, const ir::Module& module) {
      if (pass == job.dump.phase.substr(3)) job.dumped = ir::print(module);
    };
  }
  for (const std::string& e : passes::runPasses(*job.module, pipeline))
    job.errors.push_back("internal compiler error: " + e);
  std::stable_sort(notes.begin(), notes.end(), [](const passes::Note& a, const passes::Note& b) {
    return std::tie(a.file, a.line, a.column, a.text) < std::tie(b.file, b.line, b.column, b.text);
  });
  for (const passes::Note& n : notes) {
    std::string line = fmt::format("{}:{}:{}: {}\n", job.module->files[n.file], n.line, n.column, n.text);
    if (!job.notes.ends_with(line)) job.notes += line;  // instances of a generic function say the same
  }
  job.escapes = passes::escapeSummaries(*job.module);
  if (job.summaries) job.summaries->read(job.number, job.escapes);
  if (job.bodies) job.bodies->add(job.number, job.inlinable);
  if (!job.ok() || job.dump.phase.starts_with("ir-")) return false;
  codegen::PartLimits limits;
  if (job.flags.without(ir::Optimisation::PartCopies)) limits.copy = 0;
  job.partition = codegen::partition(*job.module, limits);
  return true;
}

static codegen::CodegenOptions codegenOptions(const CompilerFlags& flags) {
  codegen::CodegenOptions options;
  options.optLevel = flags.llvmLevel < 0 ? flags.optLevel : std::min(flags.optLevel, flags.llvmLevel);
  options.without = flags.without;
  options.positionIndependent = flags.positionIndependent;
  options.amd64Level = flags.amd64Level;
  // For those who work on the compiler; ./test sets it. What it finds is a bug of ours, and it takes 2% of a build.
  options.verify = std::getenv("BURROW_VERIFY") != nullptr;
  return options;
}

static codegen::CodegenOptions codegenOptions(const CompileJob& job) {
  codegen::CodegenOptions options = codegenOptions(job.flags);
  options.lto = job.flags.lto;
  options.profile = job.profile;
  if (!job.trimPath) options.compilationDir = job.package->dir;
  return options;
}

bool dumpsCode(const CompileJob& job) {
  return job.dump.is("llvm") || job.dump.is("llvm-opt") || job.dump.is("asm") || job.flags.assembly;
}

void dumpCode(CompileJob& job) {
  codegen::CodegenOptions options = codegenOptions(job);
  options.dumpLlvm = job.dump.is("llvm");
  options.dumpLlvmOpt = job.dump.is("llvm-opt");
  options.dumpAssembly = job.dump.is("asm") || job.flags.assembly;
  codegen::CodegenResult result = codegen::compileModule(*job.module, options);
  job.dumped += result.llvm + result.llvmOpt + result.assembly;
  job.errors.insert(job.errors.end(), result.errors.begin(), result.errors.end());
}

// The object's bytes with its part of the function table; empty after errors.
static std::string wholeObject(codegen::CodegenResult result, std::vector<std::string>* errors) {
  *errors = std::move(result.errors);
  if (!errors->empty()) return {};
  std::string object(result.object.elf.begin(), result.object.elf.end()), error;
  if (link::embedSidecar(object, {reinterpret_cast<const char*>(result.object.functab.data()), result.object.functab.size()}, &error)) {
    return object;
  }
  errors->push_back("internal compiler error: " + error);
  return {};
}

std::string compilePart(const CompileJob& job, size_t part, std::vector<std::string>* errors) {
  codegen::CodegenOptions options = codegenOptions(job);
  options.partition = &job.partition;
  options.part = part;
  return wholeObject(codegen::compileModule(*job.module, options), errors);
}

std::string compileWithImports(const codegen::LtoPart& part, std::span<const codegen::LtoImport> imports, const CompilerFlags& flags,
                               std::vector<std::string>* errors) {
  return wholeObject(codegen::compileWithImports(part, imports, codegenOptions(flags)), errors);
}

}  // namespace burrow::driver
