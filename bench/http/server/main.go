// A server to measure: JSON answers over HTTP, 1 MB answers over TLS. It prints its two addresses and, when its standard input
// ends, the processor time that it has used.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

type item struct {
	ID    int               `json:"id"`
	Name  string            `json:"name"`
	Price float64           `json:"price"`
	Tags  []string          `json:"tags"`
	Extra map[string]string `json:"extra,omitempty"`
}

type answer struct {
	Query string    `json:"query"`
	Total int       `json:"total"`
	At    time.Time `json:"at"`
	Items []item    `json:"items"`
}

func serveJSON(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 || n > 1000 {
		http.Error(w, "n: a number below 1000", http.StatusBadRequest)
		return
	}
	a := answer{Query: r.URL.RawQuery, Total: n, At: time.Unix(1700000000, 0).UTC()}
	for i := range n {
		a.Items = append(a.Items, item{i, "item " + strconv.Itoa(i), float64(i) * 1.25, []string{"a", "b"},
			map[string]string{"colour": "red"}})
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(a)
}

func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func main() {
	megabyte := make([]byte, 1<<20)
	rand.Read(megabyte)
	http.HandleFunc("/json", serveJSON)
	http.HandleFunc("/mb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(megabyte)))
		w.Write(megabyte)
	})
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go http.Serve(plain, nil)
	server := &http.Server{ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(tls.NewListener(secure, &tls.Config{Certificates: []tls.Certificate{certificate()}, NextProtos: []string{"http/1.1"}}))
	fmt.Println(plain.Addr(), secure.Addr())
	io.Copy(io.Discard, os.Stdin)
	var use syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	fmt.Println(use.Utime.Nano() + use.Stime.Nano())
}
