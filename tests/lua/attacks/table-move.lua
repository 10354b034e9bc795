table.move({},1,300000000,2)
