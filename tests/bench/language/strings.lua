local total = 0
for round = 0, 5999 do
  local line = ""
  for i = 0, 99 do line = line .. i .. "," end
  total = total + #line
end
print(total)
