-- wrk's load in which no head is like the one before: what a server gains from identical requests shows as a difference.
local number = 0

function request()
  number = number + 1
  return "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: wrk\r\nAccept: */*\r\nX-Request-Id: " .. number .. "\r\n\r\n"
end
