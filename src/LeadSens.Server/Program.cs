using LeadSens.Server.Api;
using LeadSens.Server.Identity;

var builder = WebApplication.CreateBuilder(args);
var services = builder.Services;

services.AddApi();
services.AddIdentity();

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseAuthentication();
app.UseAuthorization();

app.MapOpenApi();

app.Run();

/// <summary>Named for WebApplicationFactory.</summary>
internal sealed partial class Program;
