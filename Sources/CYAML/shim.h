// The events and the emitter of libyaml, for import into Swift.
#pragma once
#include <yaml.h>
