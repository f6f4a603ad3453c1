package runtime

import _ "unsafe" // for go:linkname

// GODEBUG settings for the library: package internal/godebug wants to know them at its start and whenever the environment
// changes. The runtime's own settings are read once, at boot (boot/debug_vars.cpp).

// godebugDefaults are the settings that //go:debug lines and go.mod ask for (runtime/stdlib/debug.cpp).
func godebugDefaults() string

var (
	godebugUpdate           func(defaults, env string)
	godebugEnv              string
	godebugNewIncNonDefault func(name string) func()
	godebugMetrics          []godebugMetric
)

// A godebugMetric counts how often a setting made a difference.
type godebugMetric struct {
	name string
	read func() uint64
}

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	godebugEnv = getenv("GODEBUG")
	update(godebugDefaults(), godebugEnv)
}

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	godebugMetrics = append(godebugMetrics, godebugMetric{name, read})
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newIncNonDefault func(string) func()) {
	godebugNewIncNonDefault = newIncNonDefault
}

func setPanicNil(allowed bool)
func setTracebackLabels(shown bool)

func godebugEnvChanged(value string) {
	godebugEnv = value
	// Of the runtime's own settings only these may change.
	settings := godebugDefaults() + "," + value
	setPanicNil(lastSetting(settings, "panicnil=", "0") == "1")
	setTracebackLabels(lastSetting(settings, "tracebacklabels=", "1") == "1")
	if godebugUpdate != nil {
		godebugUpdate(godebugDefaults(), value)
	}
}

// lastSetting is the value of the last word of settings that begins with name, or the default.
func lastSetting(settings, name, value string) string {
	for settings != "" {
		word := settings
		settings = ""
		for i := range len(word) {
			if word[i] == ',' {
				word, settings = word[:i], word[i+1:]
				break
			}
		}
		if len(word) > len(name) && word[:len(name)] == name {
			value = word[len(name):]
		}
	}
	return value
}

// The environment is package syscall's; the runtime only follows GODEBUG.

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugEnvChanged(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if key == "GODEBUG" {
		godebugEnvChanged("")
	}
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	if _, ok := env["GODEBUG"]; ok {
		godebugEnvChanged("")
	}
}
