// encoding/json with struct tags, maps, interfaces, errors; text/template; regexp; math/big; sorting and time.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"
)

type address struct {
	Street string            `json:"street"`
	Tags   []string          `json:"tags,omitempty"`
	Extra  map[string]any    `json:"extra"`
	Links  map[int]*address  `json:"links,omitempty"`
	Raw    json.RawMessage   `json:"raw"`
	Any    any               `json:"any"`
	Hidden map[string]string `json:"-"`
}

type temperature float64

func (t temperature) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `"%g degrees"`, float64(t)), nil
}
func (t *temperature) UnmarshalJSON(b []byte) error {
	_, err := fmt.Sscanf(string(b), `"%g degrees"`, (*float64)(t))
	return err
}

type person struct {
	address
	Name string      `json:"name"`
	Age  int         `json:"age,string"`
	Temp temperature `json:"temp"`
	Born time.Time   `json:"born"`
	P    *float64
}

func main() {
	half := 0.5
	p := person{
		address: address{Street: "A \"b\" <c>", Tags: []string{"x", "y"}, Extra: map[string]any{"z": 1.5, "a": nil, "l": []int{1}},
			Links: map[int]*address{2: {Street: "inner"}}, Raw: json.RawMessage(`{"k": [1, 2]}`), Any: true},
		Name: "é", Age: 3, Temp: 21.5, Born: time.Date(2000, 2, 29, 12, 0, 0, 5, time.UTC), P: &half,
	}
	text, err := json.MarshalIndent(p, "", "  ")
	fmt.Println(string(text), err)
	var q person
	fmt.Println(json.Unmarshal(text, &q), q.Temp, q.Born.Equal(p.Born), *q.P, q.Links[2].Street, q.Extra)
	for _, bad := range []string{`{"age": 3}`, `{"name": [}`, `{"tags": {"a": 1}}`, `{`, `[1, 2`} {
		fmt.Println(json.Unmarshal([]byte(bad), &q))
	}
	decoder := json.NewDecoder(strings.NewReader(`{"a": 1} {"a": [2, "three", {"f": null}]} 4`))
	for {
		var v any
		if err := decoder.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%T %v\n", v, v)
	}

	var page bytes.Buffer
	var w io.Writer = &page
	template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse(
		`{{define "item"}}<{{.}}>{{end}}{{range $i, $t := .Tags}}{{$i}}:{{template "item" up $t}} {{else}}none{{end}}{{with .Name}}{{printf "%q" .}}{{end}}{{if eq .Age 3}} three{{end}}`)).Execute(w, p)
	fmt.Println(page.String())

	re := regexp.MustCompile(`(?i)(\w+)@(?P<host>\w+)\.com`)
	fmt.Println(re.FindAllStringSubmatch("a@b.com, CC@dd.COM", -1), re.SubexpNames(), re.ReplaceAllString("x@y.com", "${host}!$1"))

	f := new(big.Int).MulRange(1, 40)
	third := big.NewRat(1, 3)
	root := new(big.Float).SetPrec(150).SetInt64(2)
	fmt.Println(f, third.Add(third, big.NewRat(1, 6)), root.Sqrt(root).Text('f', 40), f.ProbablyPrime(10))

	var wg sync.WaitGroup
	results := make(chan int, 10)
	for i := range 10 {
		wg.Go(func() {
			time.Sleep(time.Duration(10-i) * time.Millisecond / 4)
			results <- i * i
		})
	}
	wg.Wait()
	close(results)
	var all []int
	for r := range results {
		all = append(all, r)
	}
	slices.Sort(all)
	fmt.Fprintln(os.Stdout, all)
}
