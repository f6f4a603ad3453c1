// See inspect_flags.h.
#include "driver/inspect_flags.h"

#include "abi/size_classes.h"
#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace burrow::driver {

namespace {

constexpr uint64_t kLongestSampleMs = 60000;

struct View {
  const char* name;
  const char* flags;    // those of its own, with a space on either side
  size_t least, most;   // words that are no flags
  const char* missing;  // what to ask when there are too few
};

constexpr size_t kAny = ~size_t{0};
constexpr const char* kOfEveryView = " o width colour color ";
constexpr const char* kWhichProgram = "of which process, core file or snapshot?";

const View kViews[] = {
    {"heap", " json html exe sample top ", 1, 1, kWhichProgram},
    {"spans", " json html exe class size state at partial full empty ", 1, 1, kWhichProgram},
    {"goroutines", " json html exe group g all nostop ", 1, 1, kWhichProgram},
    {"waits", " json html dot exe ", 1, 1, kWhichProgram},
    {"sched", " json html exe ", 1, 1, kWhichProgram},
    {"gcwork", " json html dot exe ", 1, 1, kWhichProgram},
    {"objects", " json html exe retained keep ", 1, 1, kWhichProgram},
    {"what", " exe ", 2, kAny, "of which process, core file, snapshot or executable, and which address?"},
    {"leak", " json exe ", 2, 2, "which two snapshots, cores or processes?"},
    {"boot", " json html at diff ", 1, kAny, "which executable?"},
    {"serve", " addr exe ", 1, 1, kWhichProgram},
    {"unwind", " json top exe ", 1, 1, "of which process?"},
    {"snapshot", " live exe ", 1, 1, "which process?"},
    {"types", " json match exe ", 1, 1, "which executable?"},
    {"inits", " json exe ", 1, 1, "which executable?"},
    {"size", " json top exe ", 1, 1, "which executable?"},
    {"pcsp", " check exe ", 1, kAny, "which executable?"},
};

// What cannot be asked for at once. "" stands for any view.
struct Conflict {
  const char* view;
  const char* flag;
  const char* others;
  const char* why;
};
const Conflict kConflicts[] = {
    {"", "json", " html dot ", "one form at a time"},
    {"", "html", " dot ", "one form at a time"},
    {"", "html", " class size state at partial full empty group g all nostop retained keep diff ", "the page has everything"},
    {"spans", "partial", " full empty ", "no span is both"},
    {"spans", "full", " empty ", "no span is both"},
    {"goroutines", "json", " group ", "the document has each goroutine"},
    {"goroutines", "group", " g ", "one goroutine is no group"},
    {"goroutines", "nostop", " html ", "the page has everything"},
    {"objects", "keep", " json retained ", "the way to one object is a page of its own"},
    {"boot", "diff", " json at ", "two starts are compared as a page"},
    {"boot", "at", " json ", "a stop is a page"},
    {"size", "json", " top ", "the document has all"},
};

bool has(const char* list, std::string_view flag) { return std::string_view(list).find(fmt::format(" {} ", flag)) != std::string_view::npos; }

// Flags may stand before and behind what they are about.
bool parse(const View& view, const std::vector<std::string>& words, InspectFlags* f, std::vector<std::string>* given, std::string* error) {
  struct Switch {
    const char* name;
    bool* to;
  };
  struct Text {
    const char* name;
    std::string* to;
  };
  struct Number {
    const char* name;
    std::optional<uint64_t>* to;
  };
  const bool isBoot = std::string_view(view.name) == "boot";
  const Switch switches[] = {{"json", &f->json}, {"html", &f->html}, {"dot", &f->dot}, {"group", &f->group}, {"all", &f->all}, {"partial", &f->partial}, {"full", &f->full}, {"empty", &f->empty}, {"live", &f->live}, {"check", &f->check}, {"diff", &f->diff}, {"retained", &f->retained}, {"nostop", &f->noStop}};
  const Text texts[] = {{"o", &f->output}, {"exe", &f->exe}, {"state", &f->state}, {"match", &f->match}, {"addr", &f->address}};
  // Of boot, `-at` names a function.
  const Number numbers[] = {{"class", &f->sizeClass}, {"size", &f->size}, {"at", &f->at}, {"g", &f->goroutine}, {"width", &f->width}, {"top", &f->top}, {"keep", &f->keep}, {"sample", &f->sample}};
  bool onlyWords = false;
  for (size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    if (onlyWords || word.size() < 2 || word[0] != '-') {
      f->words.push_back(word);
      // What follows the program that is booted is the program's.
      if (isBoot && !f->diff) onlyWords = true;
      continue;
    }
    if (word == "--") {
      onlyWords = true;
      continue;
    }
    std::string name = word.substr(word.starts_with("--") ? 2 : 1), value;
    const size_t equals = name.find('=');
    const bool hasValue = equals != std::string::npos;
    if (hasValue) value = name.substr(equals + 1), name.resize(equals);
    auto isNamed = [&](const auto& flag) { return name == flag.name; };
    const bool isColour = name == "colour" || name == "color";
    const Switch* aSwitch = std::find_if(std::begin(switches), std::end(switches), isNamed);
    const Text* aText = std::find_if(std::begin(texts), std::end(texts), isNamed);
    const Number* aNumber = std::find_if(std::begin(numbers), std::end(numbers), isNamed);
    if (!isColour && aSwitch == std::end(switches) && aText == std::end(texts) && aNumber == std::end(numbers)) {
      *error = fmt::format("flag provided but not defined: -{}", name);
      return false;
    }
    if (!has(view.flags, name) && !has(kOfEveryView, name)) {
      *error = fmt::format("{} takes no -{}", view.name, name);
      return false;
    }
    if (isColour) {
      const std::string_view text = value;
      if (hasValue && text != "yes" && text != "always" && text != "true" && text != "no" && text != "never" && text != "false") {
        *error = fmt::format("invalid value \"{}\" for flag -{}: yes or no", value, name);
        return false;
      }
      f->colour = text != "no" && text != "never" && text != "false";
      continue;
    }
    if (aSwitch != std::end(switches)) {
      if (hasValue && value != "true" && value != "false") {
        *error = fmt::format("invalid boolean value \"{}\" for -{}", value, name);
        return false;
      }
      *aSwitch->to = value != "false";
      if (*aSwitch->to) given->push_back(name);
      continue;
    }
    given->push_back(name);
    if (!hasValue) {
      if (i + 1 >= words.size()) {
        *error = fmt::format("flag needs an argument: -{}", name);
        return false;
      }
      value = words[++i];
    }
    if (isBoot && name == "at") {
      f->atFunction = value;
    } else if (aText != std::end(texts)) {
      if (value.empty()) {
        *error = fmt::format("invalid value \"\" for flag -{}: it is empty", name);
        return false;
      }
      *aText->to = value;
    } else {
      uint64_t v;
      if (!parseInspectNumber(value, &v)) {
        *error = fmt::format("invalid value \"{}\" for flag -{}: not a number", value, name);
        return false;
      }
      *aNumber->to = v;
    }
  }
  return true;
}

// What is left to say of values, once it is clear which view they are for.
bool checkValues(const View& view, const InspectFlags& f, const std::vector<std::string>& given, std::string* error) {
  auto isGiven = [&](std::string_view name) { return std::find(given.begin(), given.end(), name) != given.end(); };
  for (const Conflict& c : kConflicts) {
    if ((*c.view && std::string_view(c.view) != view.name) || !isGiven(c.flag)) continue;
    for (const std::string& other : given) {
      if (!has(c.others, other)) continue;
      *error = fmt::format("{}: -{} does not go with -{}: {}", view.name, other, c.flag, c.why);
      return false;
    }
  }
  auto bad = [&](const char* flag, const std::string& value, const std::string& why) {
    *error = fmt::format("invalid value \"{}\" for flag -{}: {}", value, flag, why);
    return false;
  };
  if (!f.state.empty() && std::find(std::begin(inspect::kSpanStates), std::end(inspect::kSpanStates), f.state) == std::end(inspect::kSpanStates)) {
    std::string all;
    for (std::string_view s : inspect::kSpanStates) all += fmt::format("{}{}", all.empty() ? "one of " : ", ", s);
    return bad("state", f.state, all);
  }
  if (f.sizeClass && *f.sizeClass >= rt::kNumSizeClasses)
    return bad("class", std::to_string(*f.sizeClass), fmt::format("size classes go from 0 (large objects) to {}", rt::kNumSizeClasses - 1));
  if (f.sample && (*f.sample == 0 || *f.sample > kLongestSampleMs)) return bad("sample", std::to_string(*f.sample), fmt::format("milliseconds, from 1 to {}", kLongestSampleMs));
  if (f.top && *f.top == 0) return bad("top", "0", "nothing would be left");
  if (std::string_view(view.name) == "heap" && f.top && !f.sample) {
    *error = "heap: -top says how many lines of -sample there are";
    return false;
  }
  if (f.sample && f.html && !f.top) {
    *error = "heap: -sample with -html needs -top, the number of samples";
    return false;
  }
  if (f.sample && !f.html && !f.output.empty()) {
    *error = "heap: -o does not go with -sample: its lines are written as they come";
    return false;
  }
  if (std::string_view(view.name) == "boot" && f.diff && f.words.size() != 2) {
    *error = f.words.size() < 2 ? "boot -diff: which two executables?" : fmt::format("boot -diff takes two executables: \"{}\" is one too many", f.words[2]);
    return false;
  }
  if (f.check && f.words.size() > 1) {
    *error = fmt::format("pcsp -check is about all functions: \"{}\" is one too many", f.words[1]);
    return false;
  }
  return true;
}

}  // namespace

bool parseInspectNumber(std::string_view text, uint64_t* out) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2), base = 16;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), *out, base);
  return !text.empty() && r.ec == std::errc() && r.ptr == text.data() + text.size();
}

bool parseInspectFlags(const std::string& name, const std::vector<std::string>& words, InspectFlags* out, std::string* error) {
  const View* view = std::find_if(std::begin(kViews), std::end(kViews), [&](const View& v) { return name == v.name; });
  if (view == std::end(kViews)) {
    *error = fmt::format("{}: unknown view", name);
    return false;
  }
  std::vector<std::string> given;
  if (!parse(*view, words, out, &given, error)) return false;
  if (out->words.size() < view->least) {
    *error = fmt::format("{}: {}", name, view->missing);
    return false;
  }
  if (out->words.size() > view->most) {
    *error = fmt::format("{} takes {}: \"{}\" is one too many", name, view->most == 1 ? "one target" : "two targets", out->words[view->most]);
    return false;
  }
  return checkValues(*view, *out, given, error);
}

}  // namespace burrow::driver
