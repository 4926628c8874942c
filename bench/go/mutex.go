// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"sync"
)

const workers, each = 8, 250000

var lock sync.Mutex
var wg sync.WaitGroup
var n int

func work() {
	for i := 0; i < each; i++ {
		lock.Lock()
		n++
		lock.Unlock()
	}
	wg.Done()
}

func main() {
	for i := 0; i < workers; i++ {
		wg.Add(1)
		go work()
	}
	wg.Wait()
	if n != workers*each {
		panic(n)
	}
	fmt.Println(n)
}
