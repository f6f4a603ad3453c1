// The GODEBUG settings that a program has when the environment says nothing: what the go line of go.mod asks for.
#pragma once

#include "load/go_mod.h"
#include "load/package.h"

#include <span>
#include <string>
#include <string_view>

namespace burrow::driver {

// "key=value,key=value", sorted by key, or "". `table` is the text of the distribution's internal/godebugs/table.go,
// `settings` the go.mod or go.work of the build or null, `packages` those whose files may say //go:debug. *errors: one line
// for each directive that is wrong ("FILE:LINE:COLUMN: invalid //go:debug: ...").
std::string defaultGodebug(std::string_view table, const load::GoMod* settings,
                           std::span<const load::Package* const> packages, std::vector<std::string>* errors);

}  // namespace burrow::driver
