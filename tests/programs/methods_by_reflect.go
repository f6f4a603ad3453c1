// Methods that only reflect calls, by number and by name: with one such call no exported method may be left out.
package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"text/template"
)

type shape struct{ w, h int }

func (s shape) Area() int                { return s.w * s.h }
func (s *shape) Grow(n int)              { s.w += n }
func (s shape) Describe(p string) string { return fmt.Sprintf("%s %dx%d", p, s.w, s.h) }
func (s shape) private() int             { return -1 }

type onlyIface interface{ Perimeter() int }

func (s shape) Perimeter() int { return 2 * (s.w + s.h) }

func main() {
	s := &shape{2, 3}
	v := reflect.ValueOf(s)
	name := strings.ToUpper("g") + "row"
	v.MethodByName(name).Call([]reflect.Value{reflect.ValueOf(5)})
	t := v.Type()
	for i := 0; i < t.NumMethod(); i++ {
		m := t.Method(i)
		fmt.Println(m.Name, m.Type)
		if m.Type.NumIn() == 1 {
			fmt.Println(" ", m.Func.Call([]reflect.Value{v})[0], v.Method(i).Call(nil)[0])
		}
	}
	var i onlyIface = s
	fmt.Println(reflect.ValueOf(&i).Elem().Method(0).Call(nil)[0])
	template.Must(template.New("").Parse("{{.Area}} {{.Describe \"it is\"}}\n")).Execute(os.Stdout, s)
}
