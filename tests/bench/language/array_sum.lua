local values = {}
for i = 0, 999 do values[i] = i end
local sum = 0
for round = 0, 5999 do
  values[round % 1000] = round
  for i = 0, 999 do sum = sum + values[i] end
end
print(sum)
