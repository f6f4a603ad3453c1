// Go templates, as far as `burrow list -f` is used: {{.Field.Sub}}, {{if}} {{else}} {{range}} {{with}} {{end}}, pipelines,
// variables, and, or, not, eq, ne, lt, le, gt, ge, len, index, print, printf with %s %q %v %d, println, join, {{- trimming -}}.
//
// Values are JSON. A field that is not there, and anything else that is not known, is an error that names it.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace burrow::driver {

class Template {
 public:
  virtual ~Template() = default;
  // On failure null and *error "1: unexpected ...".
  static std::unique_ptr<Template> parse(const std::string& text, std::string* error);
  virtual bool run(const nlohmann::ordered_json& value, std::string* out, std::string* error) const = 0;
};

}  // namespace burrow::driver
