// digests: SHA-256, SHA-1, MD5 and CRC-32 of large and small messages, and AES in counter mode and with GCM.
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
)

func main() {
	large := make([]byte, 16<<20)
	for i := range large {
		large[i] = byte(i*i + i>>8)
	}
	for range 6 {
		sum := sha256.Sum256(large)
		copy(large, sum[:])
	}
	fmt.Printf("%x\n", sha1.Sum(large))
	fmt.Printf("%x\n", md5.Sum(large))
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	crc := uint32(0)
	for range 20 {
		crc = crc32.Update(crc, crc32.IEEETable, large)
		crc = crc32.Update(crc, castagnoli, large)
	}
	fmt.Printf("%08x\n", crc)

	small := large[:64]
	for range 600_000 {
		sum := sha256.Sum256(small)
		copy(small, sum[:])
	}
	fmt.Printf("%x\n", small)

	block, err := aes.NewCipher(large[:32])
	if err != nil {
		panic(err)
	}
	stream := cipher.NewCTR(block, large[:16])
	for range 6 {
		stream.XORKeyStream(large, large)
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	nonce := make([]byte, sealer.NonceSize())
	out := make([]byte, 0, len(large)+sealer.Overhead())
	for i := range 6 {
		nonce[0] = byte(i)
		out = sealer.Seal(out[:0], nonce, large, nil)
		if large, err = sealer.Open(large[:0], nonce, out, nil); err != nil {
			panic(err)
		}
	}
	fmt.Printf("%x\n", sha256.Sum256(out))
}
