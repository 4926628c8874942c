// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

var gate = make(chan int)
var wg sync.WaitGroup
var awake int64

func wait() {
	wg.Done()
	<-gate
	atomic.AddInt64(&awake, 1)
	wg.Done()
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	wg.Add(n)
	for i := 0; i < n; i++ {
		go wait()
	}
	wg.Wait()
	wg.Add(n)
	close(gate)
	wg.Wait()
	if int(awake) != n {
		panic(awake)
	}
	fmt.Println(awake)
}
