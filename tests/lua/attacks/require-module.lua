require "x"
