// libyaml's events and its emitter, as Swift imports them.
#pragma once
#include <yaml.h>
