// See cover.h.
#include "driver/cover.h"

#include "driver/build.h"
#include "driver/process.h"
#include "source/unicode.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <compare>
#include <cstdio>
#include <cstdlib>

namespace burrow::driver {

namespace {

constexpr std::string_view kReport = R"go(
type coverFile struct {
	name   string
	counts []uint32
	where  []uint32
	sizes  []uint16
}

// coverUnused is for a file of a package that this program does not have.
func coverUnused(name string, where []uint32, sizes []uint16) coverFile {
	return coverFile{name, make([]uint32, len(sizes)), where, sizes}
}

func coverSnapshot() float64 {
	var all, covered int64
	for _, f := range coverFiles {
		for i, size := range f.sizes {
			all += int64(size)
			if atomic.LoadUint32(&f.counts[i]) != 0 {
				covered += int64(size)
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(covered) / float64(all)
}

func coverReport(_, profile, mode, suffix string, w io.Writer, _ []string) error {
	statements := 0
	var text []byte
	text = fmt.Appendf(text, "mode: %s\n", mode)
	for _, f := range coverFiles {
		order := make([]int, len(f.sizes))
		for i := range order {
			order[i] = i
			statements += int(f.sizes[i])
		}
		place := func(i int) (from, to [2]uint32) {
			w := f.where[3*i:]
			return [2]uint32{w[0], w[2] & 0xffff}, [2]uint32{w[1], w[2] >> 16}
		}
		sort.SliceStable(order, func(i, j int) bool {
			a, aEnd := place(order[i])
			b, bEnd := place(order[j])
			for k := range a {
				if a[k] != b[k] {
					return a[k] < b[k]
				}
			}
			return aEnd[0] < bEnd[0] || aEnd[0] == bEnd[0] && aEnd[1] < bEnd[1]
		})
		for _, i := range order {
			from, to := place(i)
			text = fmt.Appendf(text, "%s:%d.%d,%d.%d %d %d\n", f.name, from[0], from[1], to[0], to[1], f.sizes[i],
				atomic.LoadUint32(&f.counts[i]))
		}
	}
	if statements == 0 {
		fmt.Fprintf(w, "coverage: [no statements]\n")
	} else {
		fmt.Fprintf(w, "coverage: %.1f%% of statements%s\n", 100*coverSnapshot(), suffix)
	}
	if profile == "" {
		return nil
	}
	return os.WriteFile(profile, text, 0o666)
}
)go";

}  // namespace

CoverText coverText(const std::vector<CoveredUse>& packages, const std::string& mode, const std::string& patterns) {
  CoverText out;
  out.packages = {"fmt", "io", "sort", "sync/atomic"};
  out.imports = "\t\"fmt\"\n\t\"io\"\n\t\"sort\"\n\t\"sync/atomic\"\n";
  std::string files;
  for (size_t i = 0; i < packages.size(); i++) {
    const CoveredPackage& p = *packages[i].package;
    const std::string alias = fmt::format("_cover{}", i);
    if (packages[i].linked) {
      out.imports += fmt::format("\t{} {}\n", p.files.empty() ? "_" : alias, source::quoteString(p.path));
      out.packages.push_back(p.path);
    }
    for (const CoveredFile& f : p.files) {
      const std::string v = alias + "." + f.variable, name = source::quoteString(f.name);
      if (packages[i].linked) {
        files += fmt::format("\t{{{}, {}.Count[:], {}.Pos[:], {}.NumStmt[:]}},\n", name, v, v, v);
      } else {
        files += fmt::format("\tcoverUnused({}, []uint32{{{}}}, []uint16{{{}}}),\n", name, f.where, f.sizes);
      }
    }
  }
  out.code = fmt::format("var coverFiles = []coverFile{{\n{}}}\n\nfunc init() {{\n\ttestdeps.CoverMode = {}\n", files,
                         source::quoteString(mode));
  if (!patterns.empty()) out.code += fmt::format("\ttestdeps.Covered = {}\n", source::quoteString(" in " + patterns));
  out.code += "\ttestdeps.CoverSnapshotFunc = coverSnapshot\n\ttestdeps.CoverProcessTestDirFunc = coverReport\n"
              "\ttestdeps.CoverMarkProfileEmittedFunc = func(bool) {}\n}\n";
  out.code += kReport;
  return out;
}

namespace {

// The numbers of a Go literal's elements.
std::vector<unsigned> numbers(const std::string& text) {
  std::vector<unsigned> out;
  for (size_t i = 0; (i = text.find_first_of("0123456789", i)) != std::string::npos;) {
    char* end = nullptr;
    out.push_back(static_cast<unsigned>(std::strtoul(text.c_str() + i, &end, 0)));
    i = static_cast<size_t>(end - text.c_str());
  }
  return out;
}

// The elements of the literal that follows `field` in the tool's output, without its comments.
std::string elements(const std::string& text, const std::string& field) {
  size_t at = text.rfind("\n\t" + field + ": [");
  if (at == std::string::npos || (at = text.find('{', at)) == std::string::npos) return {};
  std::string out;
  for (at++; at < text.size() && text[at] != '}';) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.resize(std::min(line.find("//"), line.size()));
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.starts_with('}')) break;
    out += line;
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string untestedProfile(const CoveredPackage& package, unsigned* statements) {
  std::string out;
  *statements = 0;
  for (const CoveredFile& f : package.files) {
    const std::vector<unsigned> where = numbers(f.where), sizes = numbers(f.sizes);
    struct Block {
      unsigned line, column, endLine, endColumn, size;
      auto operator<=>(const Block&) const = default;
    };
    std::vector<Block> blocks;
    for (size_t i = 0; i < sizes.size() && 3 * i + 2 < where.size(); i++) {
      const unsigned columns = where[3 * i + 2];
      blocks.push_back({where[3 * i], columns & 0xffff, where[3 * i + 1], columns >> 16, sizes[i]});
    }
    std::stable_sort(blocks.begin(), blocks.end());
    for (const Block& b : blocks) {
      out += fmt::format("{}:{}.{},{}.{} {} 0\n", f.name, b.line, b.column, b.endLine, b.endColumn, b.size);
      *statements += b.size;
    }
  }
  return out;
}

bool isCoverable(const load::Package& package, const std::string& mode) {
  if (package.files.empty() || package.incomplete) return false;
  if (!package.isStd) return true;
  const std::string& path = package.importPath;
  if (path == "runtime" || path == "unsafe" || path == "internal/abi" || path.starts_with("internal/runtime/") ||
      path.starts_with("runtime/internal/") || path == "internal/bytealg" || path == "internal/cpu") {
    return false;
  }
  // What package sync/atomic itself is made of cannot import it.
  return mode != "atomic" || (path != "sync/atomic" && !path.starts_with("internal/go"));
}

std::string coverageShare(const std::string& printed) {
  constexpr std::string_view kLine = "coverage: ";
  size_t at = printed.starts_with(kLine) ? 0 : printed.rfind("\ncoverage: ");
  if (at == std::string::npos) return {};
  at += kLine.size() + (printed[at] == '\n' ? 1 : 0);
  return printed.substr(at, printed.find('\n', at) - at);
}

// The program cmd/cover; empty after an error.
std::string Build::coverTool() {
  const std::string ready = options_.goRoot.path + "/pkg/tool/linux_amd64/cover";
  if (::access(ready.c_str(), X_OK) == 0) return ready;
  const std::string own = fmt::format("{}/cover-{}", cache_.dir(), load::hashOf(compilerId(paths_)).hex().substr(0, 16));
  if (::access(own.c_str(), X_OK) == 0) return own;
  const std::string work = workDir();
  if (work.empty()) return {};
  const std::string made = fmt::format("{}.{}", own, ::getpid());
  ProcessRequest request;
  request.arguments = {paths_.executable, "build", "-o", made, "cmd/cover"};
  request.dir = work;
  request.environment = {"GOFLAGS=", "GOWORK=off", "GOOS=", "GOARCH=", "PWD=" + work};
  std::string printed;
  request.output = [&](std::string_view text) { printed += text; };
  if (!runProcess(request).ok() || ::rename(made.c_str(), own.c_str()) != 0) {
    fail("burrow: building cmd/cover failed\n" + printed);
    return {};
  }
  return own;
}

// Puts counters into the package's files.
bool Build::instrument(load::Package& package, const std::string& mode) {
  const std::string tool = coverTool(), work = workDir();
  if (tool.empty() || work.empty()) return false;
  CoveredPackage& covered = covered_[package.importPath];
  covered.path = package.importPath;
  for (load::SourceEntry& entry : package.files) {
    if (entry.isOurs || entry.path.ends_with("_test.go")) continue;
    const std::string variable = fmt::format("GoCover_{}_{}", covered.files.size(), load::hashOf(package.importPath).hex().substr(0, 12));
    const std::string output = fmt::format("{}/cover{}.go", work, coveredFiles_++);
    ProcessRequest request;
    request.arguments = {tool, "-mode=" + mode, "-var=" + variable, "-o", output, options_.overlayFiles.actual(entry.path)};
    request.dir = package.dir;
    std::string printed, text, error;
    request.output = [&](std::string_view t) { printed += t; };
    // What the tool does not understand is not legible for the compiler either, which says it better.
    if (!runProcess(request).ok() || !load::readFile(output, &text, &error)) continue;
    // A file without functions has no blocks; the variable of its counters would be of no use.
    if (text.find("[0]uint32") != std::string::npos) continue;
    const std::string name = fmt::format("{}/{}", package.importPath, load::baseName(entry.path));
    std::string where = elements(text, "Pos"), sizes = elements(text, "NumStmt");
    source::SourceFile* source = files_.add(entry.source->name, std::move(text));
    if (source == nullptr) continue;
    entry.hash = load::hashOf(source->text);
    entry.source = source;
    covered.files.push_back({name, variable, std::move(where), std::move(sizes)});
  }
  return mode != "atomic" || covered.files.empty() || loader_->addImport(package, "sync/atomic");
}

}  // namespace burrow::driver
