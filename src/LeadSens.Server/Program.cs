using LeadSens.Server.Ai;
using LeadSens.Server.Api;
using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Changes;
using LeadSens.Server.Connections;
using LeadSens.Server.Contacts;
using LeadSens.Server.Discovery;
using LeadSens.Server.Drafting;
using LeadSens.Server.Enrichment;
using LeadSens.Server.Feed;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Push;
using LeadSens.Server.Rights;
using LeadSens.Server.Scoring;
using LeadSens.Server.Secrets;
using LeadSens.Server.Studio;
using LeadSens.Server.Studio.Instances;
using LeadSens.Server.Studio.Resuming;
using LeadSens.Server.Studio.Shipped;
using LeadSens.Server.Studio.Site;
using LeadSens.Server.Suppressions;
using LeadSens.Server.UseCases;
using LeadSens.Server.Web;
using LeadSens.Server.Webhooks;
using LeadSens.Server.Workflows.Http;
using LeadSens.Server.Workflows.Waits;

var builder = WebApplication.CreateBuilder(args);
var services = builder.Services;

// The ground, in the order in which it starts.
builder.AddOperations();
builder.AddSandbox();
builder.AddData();
services.AddSecrets();
services.AddApi();
services.AddUseCases();
services.AddWeb();
services.AddChanges();
services.AddWorkflows();
services.AddJobs(builder.Configuration);
services.AddMail();

// The slices, in the order in which the data takes them.
services.AddAudit();
services.AddIdentity();
services.AddConnections(builder.Configuration);
services.AddAi(builder.Configuration);
services.AddCampaigns();
services.AddContacts(builder.Configuration);
services.AddLeads();
services.AddSuppressions();
services.AddDiscovery();
services.AddScoring();
services.AddEnrichment();
services.AddDrafting();
services.AddApprovals();
services.AddPush(builder.Configuration);
services.AddFeed();
services.AddRights(builder.Configuration);
services.AddWebhooks();
services.AddStudio();
services.AddStudioInstances();
services.AddStudioResuming();

var app = builder.Build();
if (!app.ConfigurationIsValid()) return 1;
if (args is [RotateKeysCommand.Name, ..]) return await app.RotateKeysAsync();
app.BeginSandbox();
app.BeginDatabase();

app.UseWeb();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseStudioFiles();
app.UseWebLimits();
app.UseDatabaseTurns();
app.UseAuthentication();
app.UseAuthorization();
app.UseSessionGuard();
app.UseAccessRules();
app.UseCallerLimits();
app.UseOpenStreams();

app.MapHealth();
app.MapApiDocument();
app.MapIdentity();
app.MapConnections();
app.MapAudit();
app.MapCampaigns();
app.MapContacts();
app.MapLeads();
app.MapSuppressions();
app.MapRights();
app.MapWebhooks();
app.MapApprovals();
app.MapReceipts();
app.MapFeed();
app.MapJobs();
app.MapWorkflows();
app.MapWaits();
app.MapWorkflowHttp();
app.MapStudio();
app.MapStudioInstances();
app.MapStudioResuming();
app.MapStudioPages();

app.AnnounceWhenReady();
return await app.RunToEndAsync();

/// <summary>Named for WebApplicationFactory.</summary>
internal sealed partial class Program;
