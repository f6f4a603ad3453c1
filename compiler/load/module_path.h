// Paths and versions of modules: which are well formed, how they are ordered, how they are spelled on disk.
//
// The rules exist so that a module means the same everywhere: on file systems that fold case, that forbid some names, and in
// URLs. Whatever comes from a proxy or a zip goes through them before it touches the disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace burrow::load {

enum class PathKind { Module, Import, File };
// Empty when the path is well formed, else why not: "empty path element", "invalid char '*'".
std::string checkPath(std::string_view path, PathKind kind);
// A module path that may be downloaded: its first element has a dot, its major version suffix is one. Empty when fine.
std::string checkModulePath(std::string_view path);
// Whether `name` may not be embedded: no module zip could contain it.
bool isBadEmbedName(std::string_view name);

// "github.com/Azure" -> "github.com/!azure": how paths and versions are spelled in the module cache and by proxies.
std::string escapePath(std::string_view path);

// Semantic versions "v1.2.3-pre+build".
bool isValidVersion(std::string_view version);
bool isCanonicalVersion(std::string_view version);  // complete, and without a build other than +incompatible
// -1, 0, 1; an invalid version is less than all valid ones. The build part does not count.
int compareVersions(std::string_view a, std::string_view b);
std::string_view majorOf(std::string_view version);       // "v1"
std::string_view prereleaseOf(std::string_view version);  // "-rc.1" or empty
bool isPseudoVersion(std::string_view version);           // "v0.0.0-20191109021931-daa7c04131f5"
// "a/b/v2" -> "a/b", "/v2"; "gopkg.in/yaml.v3" -> "gopkg.in/yaml", ".v3". False: a suffix that is no major version.
bool splitPathVersion(std::string_view path, std::string_view* prefix, std::string_view* major);
// Whether a version may stand with a path's major version suffix.
bool matchesPathMajor(std::string_view version, std::string_view major);

}  // namespace burrow::load
