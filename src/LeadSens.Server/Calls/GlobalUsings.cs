// Ground: whoever calls a provider, or hears how a call went, speaks of these.
global using LeadSens.Server.Calls;
