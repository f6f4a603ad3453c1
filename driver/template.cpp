// See template.h.
#include "driver/template.h"

#include "source/unicode.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <map>
#include <vector>

namespace burrow::driver {

namespace {

using Json = nlohmann::ordered_json;

// A word of an action: .A.B, $x.A, "text", 12, true, name, ( pipeline ).
struct Operand {
  enum class Kind { Field, Variable, Value, Name, Group } kind = Kind::Value;
  std::string name;                 // of a variable or function
  std::vector<std::string> fields;  // behind the first dot
  Json value;
  std::vector<std::vector<Operand>> group;
};
using Command = std::vector<Operand>;
using Pipeline = std::vector<Command>;

struct Node {
  enum class Kind { Text, Print, If, Range, With } kind = Kind::Text;
  std::string text;
  std::string variable, second;  // {{$x := ...}}, {{range $i, $x := ...}}
  Pipeline pipeline;
  std::vector<Node> then, otherwise;
};

bool isTrue(const Json& v) {
  if (v.is_null()) return false;
  if (v.is_boolean()) return v.get<bool>();
  if (v.is_number()) return v.get<double>() != 0;
  return !(v.is_string() ? v.get_ref<const std::string&>().empty() : v.empty());
}

std::string show(const Json& v) {
  if (v.is_null()) return "<nil>";
  if (v.is_string()) return v.get<std::string>();
  if (v.is_array()) {
    std::string out = "[";
    for (const Json& e : v) out += (out.size() > 1 ? " " : "") + show(e);
    return out + "]";
  }
  if (v.is_object()) {
    std::string out = "map[";
    for (const auto& [key, e] : v.items()) out += (out.size() > 4 ? " " : "") + key + ":" + show(e);
    return out + "]";
  }
  return v.dump();
}

struct Parser {
  const std::string& text;
  std::string error = {};
  size_t at = 0;
  unsigned line = 1;
  bool trimNext = false;

  bool fail(std::string message) {
    if (error.empty()) error = fmt::format("{}: {}", line, message);
    return false;
  }

  // Nodes up to {{end}} or {{else}}, whose word is left in *stop; "" at the end of the text.
  bool nodes(std::vector<Node>* out, std::string* stop) {
    while (at < text.size()) {
      size_t open = text.find("{{", at);
      std::string plain = text.substr(at, open == std::string::npos ? std::string::npos : open - at);
      if (trimNext) plain.erase(0, plain.find_first_not_of(" \t\r\n"));
      trimNext = false;
      if (open == std::string::npos) {
        at = text.size();
        if (!plain.empty()) out->push_back({Node::Kind::Text, plain, "", "", {}, {}, {}});
        break;
      }
      size_t close = text.find("}}", open);
      if (close == std::string::npos) return fail("unclosed action");
      std::string action = text.substr(open + 2, close - open - 2);
      at = close + 2;
      if (action.starts_with("- ")) {
        while (!plain.empty() && std::string_view(" \t\r\n").find(plain.back()) != std::string_view::npos) plain.pop_back();
        action.erase(0, 2);
      }
      if (action.ends_with(" -")) {
        trimNext = true;
        action.resize(action.size() - 2);
      }
      if (!plain.empty()) out->push_back({Node::Kind::Text, plain, "", "", {}, {}, {}});
      if (action.starts_with("/*")) continue;
      std::vector<std::string> words;
      if (!tokens(action, &words)) return false;
      if (words.empty()) return fail("missing value for command");
      const std::string& first = words[0];
      if (first == "end" || first == "else") {
        *stop = action.substr(action.find(first));
        return true;
      }
      Node node;
      node.kind = first == "if" ? Node::Kind::If : first == "range" ? Node::Kind::Range : first == "with" ? Node::Kind::With : Node::Kind::Print;
      size_t i = node.kind == Node::Kind::Print ? 0 : 1;
      if (i + 1 < words.size() && words[i][0] == '$' && words[i + 1] == ":=") {
        node.variable = words[i];
        i += 2;
      } else if (i + 3 < words.size() && words[i][0] == '$' && words[i + 1] == "," && words[i + 3] == ":=") {
        node.second = words[i];
        node.variable = words[i + 2];
        i += 4;
      }
      if (!pipeline(words, &i, &node.pipeline, false)) return false;
      if (node.kind != Node::Kind::Print && !block(node)) return false;
      out->push_back(std::move(node));
    }
    stop->clear();
    return true;
  }

  bool block(Node& node) {
    std::string stop;
    if (!nodes(&node.then, &stop)) return false;
    if (stop.starts_with("else")) {
      std::string rest = stop.substr(4);
      rest.erase(0, rest.find_first_not_of(' '));
      if (rest.empty()) {
        if (!nodes(&node.otherwise, &stop)) return false;
      } else {
        // {{else if x}} is an {{if}} in the other branch; both end together.
        std::vector<std::string> words;
        Node inner;
        if (!tokens(rest, &words)) return false;
        inner.kind = words[0] == "with" ? Node::Kind::With : Node::Kind::If;
        size_t i = 1;
        if (!pipeline(words, &i, &inner.pipeline, false) || !block(inner)) return false;
        node.otherwise.push_back(std::move(inner));
        return true;
      }
    }
    if (stop.starts_with("end")) return true;
    return fail("unexpected EOF");
  }

  bool tokens(const std::string& s, std::vector<std::string>* out) {
    for (size_t i = 0; i < s.size();) {
      const char c = s[i];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        i++;
      } else if (c == '"' || c == '`') {
        size_t end = i + 1;
        while (end < s.size() && s[end] != c) end += s[end] == '\\' && c == '"' ? 2 : 1;
        if (end >= s.size()) return fail("unterminated quoted string");
        out->push_back(s.substr(i, end + 1 - i));
        i = end + 1;
      } else if (c == '(' || c == ')' || c == '|' || c == ',') {
        out->emplace_back(1, c);
        i++;
      } else if (s.compare(i, 2, ":=") == 0) {
        out->emplace_back(":=");
        i += 2;
      } else {
        size_t end = s.find_first_of(" \t\r\n()|,\"`", i);
        out->push_back(s.substr(i, end == std::string::npos ? std::string::npos : end - i));
        i = end == std::string::npos ? s.size() : end;
      }
    }
    return true;
  }

  bool pipeline(const std::vector<std::string>& words, size_t* i, Pipeline* out, bool inGroup) {
    Command command;
    for (; *i < words.size(); ++*i) {
      const std::string& word = words[*i];
      if (word == ")") {
        if (!inGroup) return fail("unexpected right paren");
        break;
      }
      if (word == "|") {
        if (command.empty()) return fail("missing value for command");
        out->push_back(std::move(command));
        command.clear();
        continue;
      }
      Operand o;
      if (word == "(") {
        o.kind = Operand::Kind::Group;
        ++*i;
        if (!pipeline(words, i, &o.group, true)) return false;
        if (*i >= words.size()) return fail("unclosed left paren");
      } else if (!operand(word, &o)) {
        return false;
      }
      command.push_back(std::move(o));
    }
    if (command.empty()) return fail("missing value for command");
    out->push_back(std::move(command));
    return true;
  }

  bool operand(const std::string& word, Operand* o) {
    if (word[0] == '"' || word[0] == '`') {
      std::string value;
      for (size_t k = 1; k + 1 < word.size(); k++) {
        if (word[0] == '"' && word[k] == '\\' && k + 2 < word.size()) {
          const char e = word[++k];
          value += e == 'n' ? '\n' : e == 't' ? '\t' : e == 'r' ? '\r' : e;
        } else {
          value += word[k];
        }
      }
      o->value = value;
      return true;
    }
    if (word == "true" || word == "false") {
      o->value = word == "true";
      return true;
    }
    if ((word[0] >= '0' && word[0] <= '9') || (word[0] == '-' && word.size() > 1)) {
      o->value = std::strtol(word.c_str(), nullptr, 0);
      return true;
    }
    size_t dot = word.find('.');
    o->kind = dot == 0 ? Operand::Kind::Field : word[0] == '$' ? Operand::Kind::Variable : Operand::Kind::Name;
    o->name = word.substr(0, dot);
    while (dot != std::string::npos && dot + 1 < word.size()) {
      size_t next = word.find('.', dot + 1);
      o->fields.push_back(word.substr(dot + 1, next == std::string::npos ? std::string::npos : next - dot - 1));
      dot = next;
    }
    if (o->kind != Operand::Kind::Name) return true;
    for (const char* known : {"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "print", "printf", "println", "join"}) {
      if (o->name == known) return true;
    }
    return fail(fmt::format("function \"{}\" not defined", word));
  }
};

class Runner {
 public:
  Runner(std::string* out, std::string* error) : out_(out), error_(error) {}

  bool run(const std::vector<Node>& nodes, const Json& dot) {
    for (const Node& n : nodes) {
      if (n.kind == Node::Kind::Text) {
        *out_ += n.text;
        continue;
      }
      Json value;
      if (!evaluate(n.pipeline, dot, &value)) return false;
      if (n.kind == Node::Kind::Print) {
        if (n.variable.empty()) {
          *out_ += show(value);
        } else {
          variables_[n.variable] = value;
        }
      } else if (n.kind == Node::Kind::Range && !value.empty()) {
        size_t i = 0;
        for (const auto& [key, element] : value.items()) {
          if (!n.second.empty()) variables_[n.second] = value.is_array() ? Json(i) : Json(key);
          if (!n.variable.empty()) variables_[n.variable] = element;
          i++;
          if (!run(n.then, element)) return false;
        }
      } else {
        if (!n.variable.empty()) variables_[n.variable] = value;
        const bool yes = n.kind != Node::Kind::Range && isTrue(value);
        if (!run(yes ? n.then : n.otherwise, yes && n.kind == Node::Kind::With ? value : dot)) return false;
      }
    }
    return true;
  }

  void set(const std::string& name, const Json& value) { variables_[name] = value; }

 private:
  bool fail(const std::string& message) {
    *error_ = "1: executing \"main\": " + message;
    return false;
  }

  bool evaluate(const Pipeline& pipeline, const Json& dot, Json* value) {
    for (size_t i = 0; i < pipeline.size(); i++) {
      const Command& c = pipeline[i];
      std::vector<Json> arguments;
      for (size_t k = c[0].kind == Operand::Kind::Name ? 1 : 0; k < c.size(); k++) {
        Json a;
        if (!operand(c[k], dot, &a)) return false;
        arguments.push_back(std::move(a));
      }
      if (i > 0) arguments.push_back(*value);
      if (c[0].kind == Operand::Kind::Name) {
        if (!call(c[0].name, arguments, value)) return false;
      } else if (arguments.size() != 1) {
        return fail("can't give argument to non-function");
      } else {
        *value = arguments[0];
      }
    }
    return true;
  }

  bool operand(const Operand& o, const Json& dot, Json* value) {
    switch (o.kind) {
      case Operand::Kind::Value: *value = o.value; return true;
      case Operand::Kind::Group: return evaluate(o.group, dot, value);
      case Operand::Kind::Name: return call(o.name, {}, value);
      case Operand::Kind::Field: *value = dot; break;
      case Operand::Kind::Variable: {
        auto found = variables_.find(o.name);
        if (found == variables_.end()) return fail(fmt::format("undefined variable \"{}\"", o.name));
        *value = found->second;
      }
    }
    for (const std::string& field : o.fields) {
      if (value->is_null()) return fail(fmt::format("nil pointer evaluating .{}", field));
      if (!value->is_object() || !value->contains(field)) return fail(fmt::format("can't evaluate field {}", field));
      *value = Json((*value)[field]);
    }
    return true;
  }

  static int compare(const Json& a, const Json& b) {
    if (a.is_string() || b.is_string()) {
      int c = show(a).compare(show(b));
      return c < 0 ? -1 : c > 0;
    }
    if (a.is_null() || b.is_null()) return isTrue(a) == isTrue(b) ? 0 : isTrue(a) ? 1 : -1;
    return a < b ? -1 : b < a ? 1 : 0;
  }

  bool call(const std::string& name, const std::vector<Json>& a, Json* value) {
    auto need = [&](size_t n) { return a.size() >= n || fail(fmt::format("wrong number of args for {}: want {} got {}", name, n, a.size())); };
    if (name == "and" || name == "or") {
      if (!need(1)) return false;
      *value = a.back();
      for (const Json& x : a) {
        if (isTrue(x) == (name == "or")) {
          *value = x;
          break;
        }
      }
    } else if (name == "not") {
      if (!need(1)) return false;
      *value = !isTrue(a[0]);
    } else if (name == "len") {
      if (!need(1)) return false;
      *value = a[0].is_string() ? show(a[0]).size() : a[0].size();
    } else if (name == "index") {
      if (!need(2)) return false;
      Json at = a[0];
      for (size_t i = 1; i < a.size(); i++) {
        Json next = "";  // of a map without that key: its values are texts
        if (at.is_array()) {
          if (!a[i].is_number() || a[i].get<size_t>() >= at.size()) return fail(fmt::format("error calling index: index out of range: {}", show(a[i])));
          next = at[a[i].get<size_t>()];
        } else if (at.is_object() && at.contains(show(a[i]))) {
          next = at[show(a[i])];
        }
        at = next;
      }
      *value = at;
    } else if (name == "join") {
      if (!need(2)) return false;
      std::string out;
      for (size_t i = 0; i < a[0].size(); i++) out += (i == 0 ? "" : show(a[1])) + show(a[0][i]);
      *value = out;
    } else if (name == "print" || name == "println") {
      std::string out;
      for (size_t i = 0; i < a.size(); i++) {
        const bool space = i > 0 && (name == "println" || (!a[i].is_string() && !a[i - 1].is_string()));
        out += (space ? " " : "") + show(a[i]);
      }
      *value = out + (name == "println" ? "\n" : "");
    } else if (name == "printf") {
      if (!need(1)) return false;
      *value = format(show(a[0]), a);
    } else {
      if (!need(2)) return false;
      int c = compare(a[0], a[1]);
      bool any = c == 0;
      for (size_t i = 2; name == "eq" && i < a.size(); i++) any |= compare(a[0], a[i]) == 0;
      *value = name == "eq" ? any : name == "ne" ? c != 0 : name == "lt" ? c < 0 : name == "le" ? c <= 0 : name == "gt" ? c > 0 : c >= 0;
    }
    return true;
  }

  static std::string format(const std::string& f, const std::vector<Json>& a) {
    std::string out;
    size_t next = 1;
    for (size_t i = 0; i < f.size(); i++) {
      if (f[i] != '%' || i + 1 == f.size()) {
        out += f[i];
        continue;
      }
      std::string width;
      while (i + 1 < f.size() && (f[i + 1] == '-' || (f[i + 1] >= '0' && f[i + 1] <= '9'))) width += f[++i];
      const char verb = f[++i];
      if (verb == '%') {
        out += '%';
        continue;
      }
      std::string text = next < a.size() ? show(a[next]) : fmt::format("%!{}(MISSING)", verb);
      if (verb == 'q' && next < a.size()) text = source::quoteString(text);
      next++;
      const bool left = width.starts_with('-');
      const size_t wanted = width.empty() ? 0 : static_cast<size_t>(std::abs(std::atoi(width.c_str())));
      if (text.size() < wanted) text.insert(left ? text.size() : 0, wanted - text.size(), ' ');
      out += text;
    }
    return out;
  }

  std::string* out_;
  std::string* error_;
  std::map<std::string, Json> variables_;
};

class Parsed : public Template {
 public:
  std::vector<Node> nodes;
  bool run(const Json& value, std::string* out, std::string* error) const override {
    Runner runner(out, error);
    runner.set("$", value);
    return runner.run(nodes, value);
  }
};

}  // namespace

std::unique_ptr<Template> Template::parse(const std::string& text, std::string* error) {
  auto parsed = std::make_unique<Parsed>();
  Parser parser{text};
  std::string stop;
  if (parser.nodes(&parsed->nodes, &stop) && !stop.empty()) parser.fail(fmt::format("unexpected {{{{{}}}}}", stop));
  if (parser.error.empty()) return parsed;
  *error = parser.error;
  return nullptr;
}

}  // namespace burrow::driver
