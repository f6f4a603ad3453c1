// Types that a program gets at only as parameters and results of methods that reflect finds have their methods, too.
package main

import (
	"fmt"
	"reflect"
)

type Weekday int

func (Weekday) String() string { return "day" }

type Hour int

func (h *Hour) Set(m Minute) { *h = Hour(m / 60) }

type Minute int

func (Minute) Of() (d Duration, ok bool) { return 0, true }

type Duration int64

func (d Duration) Less(e Duration) bool { return d < e }

type Env struct {
	Days []Weekday
	Next func(*Hour) *Env
}

func (*Env) Start(s string) map[Minute]chan Duration { return nil }

var seen = map[reflect.Type]bool{}

func show(t reflect.Type) {
	if seen[t] {
		return
	}
	seen[t] = true
	fmt.Println(t)
	for m := range t.Methods() {
		fmt.Println("\t", m.Name, m.Type)
	}
	for m := range t.Methods() {
		show(m.Type)
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Chan:
		show(t.Elem())
	case reflect.Map:
		show(t.Key())
		show(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			show(f.Type)
		}
	case reflect.Func:
		for p := range t.Ins() {
			show(p)
		}
		for r := range t.Outs() {
			show(r)
		}
	}
}

func main() { show(reflect.TypeFor[*Env]()) }
