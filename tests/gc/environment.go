// What a program puts into its arguments and its environment lives as long as these do.

// want: some-program changed-value
// want: [some-program a-b] changed-value true new-value
// want: false
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

var kept [][]byte

// churn takes what has been freed into use.
func churn() {
	runtime.GC()
	for i := range 20000 {
		kept = append(kept, []byte(strings.Repeat("x", 8+i%200)))
	}
	kept = nil
	runtime.GC()
}

//go:noinline
func text(parts ...string) string { return strings.Join(parts, "-") }

func main() {
	// In the slices that the runtime made: appending to them would make others.
	os.Args[0] = text("some", "program")
	os.Setenv("PATH", text("changed", "value"))
	churn()
	fmt.Println(os.Args[0], os.Getenv("PATH"))
	os.Setenv("BURROW_TEST_NEW", text("new", "value"))
	os.Args = append(os.Args, text("a", "b"))
	churn()
	value, ok := syscall.Getenv("PATH")
	fmt.Println(os.Args, value, ok, os.ExpandEnv("$BURROW_TEST_NEW"))
	os.Unsetenv("PATH")
	_, ok = os.LookupEnv("PATH")
	fmt.Println(ok)
}
