// //go:embed: the data of the variables that it names.
//
// A string or []byte variable begins with its file's content, a variable of type embed.FS with a table of files in the layout
// that package embed declares. Like -X this works on the finished module: to the language the variables have no initialiser.
#pragma once

#include "driver/compile.h"

namespace burrow::driver {

// Fills the variables; errors go to the job, as complete lines.
void embedFiles(CompileJob& job, load::Program& program, const load::Program::Unit& unit);

}  // namespace burrow::driver
