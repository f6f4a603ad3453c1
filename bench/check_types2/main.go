// Gc's type checker over packages that are listed on standard input: for bench/check.py, which builds this inside the
// distribution (a copy of it), because types2 can be imported from there only.
//
// Each line names an import path and its files, with tabs between; what a package imports stands before it. Prints the
// processor time, user and system, of parsing and of checking, in seconds. The records that are asked for are those that
// gc's own front end asks for.
package main

import (
	"bufio"
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"fmt"
	"os"
	"strings"
	"syscall"
)

type importer map[string]*types2.Package

func (m importer) Import(path string) (*types2.Package, error) {
	if path == "unsafe" {
		return types2.Unsafe, nil
	}
	if p := m[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s has not been checked", path)
}

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(u.Utime) + seconds(u.Stime)
}

func main() {
	type unit struct {
		path  string
		files []*syntax.File
	}
	var units []unit
	start := cpu()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Split(lines.Text(), "\t")
		u := unit{path: words[0]}
		for _, name := range words[1:] {
			f, err := os.Open(name)
			if err != nil {
				panic(err)
			}
			tree, err := syntax.Parse(syntax.NewFileBase(name), f, func(error) {}, nil, syntax.CheckBranches)
			if err != nil {
				panic(err)
			}
			f.Close()
			u.files = append(u.files, tree)
		}
		units = append(units, u)
	}
	parsed := cpu()
	known := importer{}
	failed := 0
	for _, u := range units {
		errors := 0
		conf := types2.Config{
			IgnoreBranchErrors: true,
			Importer:           known,
			Sizes:              types2.SizesFor("gc", "amd64"),
			Error:              func(error) { errors++ },
		}
		info := types2.Info{
			StoreTypesInSyntax: true,
			Defs:               map[*syntax.Name]types2.Object{},
			Uses:               map[*syntax.Name]types2.Object{},
			Selections:         map[*syntax.SelectorExpr]*types2.Selection{},
			Implicits:          map[syntax.Node]types2.Object{},
			Scopes:             map[syntax.Node]*types2.Scope{},
			Instances:          map[*syntax.Name]types2.Instance{},
			FileVersions:       map[*syntax.PosBase]string{},
		}
		known[u.path], _ = conf.Check(u.path, u.files, &info)
		if errors != 0 {
			failed++
		}
	}
	checked := cpu()
	fmt.Printf("%d packages, %d failed, %.2f s parsing, %.2f s checking\n", len(units), failed, parsed-start, checked-parsed)
}
