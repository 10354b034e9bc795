local t={} for i=1,200000 do t[i]=i%7 end table.sort(t)
