local body = { x = 0, y = 0, dx = 3, dy = 5 }
for i = 0, 3999999 do
  body.x = body.x + body.dx
  body.y = body.y + body.dy
end
print(body.x .. " " .. body.y)
