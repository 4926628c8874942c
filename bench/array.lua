local function sieve(n)
    local composite, found = {}, 0
    for i = 1, n do composite[i] = false end
    for i = 2, n do
        if not composite[i] then
            found = found + 1
            for j = i * 2, n, i do composite[j] = true end
        end
    end
    return found
end
local function stack(n)
    local a, sum = {}, 0
    for i = 0, n - 1 do a[#a + 1] = i * 3 end
    for i = 1, #a do
        local x = a[i] + 1
        if x % 2 == 0 then sum = (sum + x) % 1000003 end
    end
    while #a > 0 do
        sum = (sum + a[#a]) % 1000003
        a[#a] = nil
    end
    return sum
end
print(sieve(2000000) + stack(600000))
