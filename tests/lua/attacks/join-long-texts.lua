local s=("x"):rep(400000); while true do local t = s.."a" end
