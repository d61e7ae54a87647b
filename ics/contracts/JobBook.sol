// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Errors} from "./Errors.sol";
import {IDisputeModule, IIdentityRegistry, IStakeManager, IValidationModule} from "./Interfaces.sol";
import {Module} from "./Module.sol";

/// @title The book of jobs: what is stored about each, and the terms that governance sets
abstract contract JobBook is Module {
    enum State {
        None,
        Created,
        Applied,
        Submitted,
        Completed,
        Disputed,
        Finalized,
        Cancelled
    }

    struct Job {
        address employer;
        address agent;
        uint128 reward;
        uint96 stake;
        uint128 burnReceiptAmount;
        bytes32 uriHash;
        bytes32 resultHash;
        bytes32 specHash;
        uint256 packedMetadata;
    }

    struct JobMetadata {
        State state;
        bool success;
        bool burnConfirmed;
        uint8 agentTypes;
        uint32 feePct;
        uint32 agentPct;
        uint64 deadline;
        uint64 assignedAt;
    }

    // Where each field begins in packedMetadata; the widths are those of JobMetadata.
    uint8 internal constant STATE = 0;
    uint8 internal constant SUCCESS = 3;
    uint8 internal constant FEE_PCT = 13;
    uint8 internal constant AGENT_PCT = 45;
    uint8 internal constant DEADLINE = 77;
    uint8 internal constant ASSIGNED_AT = 141;

    IStakeManager public stakeManager;
    IValidationModule public validationModule;
    IIdentityRegistry public identityRegistry;
    IDisputeModule public disputeModule;

    /// @notice A job by id: employer, agent, reward, stake, burnReceiptAmount, uriHash, resultHash, specHash,
    /// packedMetadata (see decodeJobMetadata). Amounts in base units; burnReceiptAmount is always 0 here.
    mapping(uint256 jobId => Job) public jobs;
    /// @notice The id of the newest job; the first job is 1.
    uint256 public nextJobId;
    /// @notice Whole percent of the reward that an employer pays on top; fixed per job when it is created.
    uint256 public feePct;
    /// @notice Whole percent of the reward that the validators share; read when a job is finalized.
    uint256 public validatorRewardPct;
    /// @notice Base units of an agent's stake that a job locks.
    uint96 public jobStake;
    /// @notice Base units that an agent must have staked to apply.
    uint256 public minAgentStake;
    /// @notice Largest reward in base units; 0 is no limit.
    uint256 public maxJobReward;
    /// @notice Longest time in seconds from creation to deadline; 0 is no limit.
    uint256 public maxJobDuration;
    /// @notice Most jobs an agent may have at a time; 0 is no limit.
    uint256 public maxActiveJobsPerAgent;
    /// @notice Seconds after the deadline before an unfinished job can be taken home.
    uint256 public expirationGracePeriod;
    mapping(address agent => uint256) public activeJobs;
    /// @notice The version of the tax policy that users must acknowledge; 0 is none.
    uint256 public taxPolicyVersion;
    mapping(address user => uint256) public taxAcknowledged;

    event ParameterUpdated(string name, uint256 value);
    event TaxAcknowledged(address indexed user, uint256 version);

    modifier taxed() {
        if (taxAcknowledged[_msgSender()] < taxPolicyVersion) revert Errors.TaxPolicyNotAcknowledged(_msgSender());
        _;
    }

    /// @notice Unpacks the last word of `jobs(id)`: state, success, burnConfirmed, agentTypes, feePct, agentPct,
    /// deadline and assignedAt (unix seconds).
    function decodeJobMetadata(uint256 packed) public pure returns (JobMetadata memory m) {
        m.state = State(_read(packed, STATE, 3));
        m.success = _read(packed, SUCCESS, 1) == 1;
        m.burnConfirmed = _read(packed, 4, 1) == 1;
        m.agentTypes = uint8(_read(packed, 5, 8));
        m.feePct = uint32(_read(packed, FEE_PCT, 32));
        m.agentPct = uint32(_read(packed, AGENT_PCT, 32));
        m.deadline = uint64(_read(packed, DEADLINE, 64));
        m.assignedAt = uint64(_read(packed, ASSIGNED_AT, 64));
    }

    /// @notice The specification's hash of a job; zero for an unknown job.
    function getSpecHash(uint256 jobId) external view returns (bytes32) {
        return jobs[jobId].specHash;
    }

    /// @notice Employer and agent of a job; zero for none.
    function participants(uint256 jobId) external view returns (address employer, address agent) {
        return (jobs[jobId].employer, jobs[jobId].agent);
    }

    /// @notice Accepts the present tax policy for the caller.
    function acknowledgeTaxPolicy() external {
        taxAcknowledged[_msgSender()] = taxPolicyVersion;
        emit TaxAcknowledged(_msgSender(), taxPolicyVersion);
    }

    /// @notice Names the other modules. Errors: NotGovernance.
    function setModules(
        IStakeManager stakes,
        IValidationModule validation,
        IIdentityRegistry identities,
        IDisputeModule disputes
    ) external onlyOwner {
        (stakeManager, validationModule, identityRegistry, disputeModule) = (stakes, validation, identities, disputes);
    }

    /// @notice Whole percent; with validatorRewardPct at most 100. Errors: NotGovernance, InvalidPercentages.
    function setFeePct(uint256 pct) external onlyOwner {
        _checkPercentages(pct, validatorRewardPct);
        feePct = pct;
        emit ParameterUpdated("feePct", pct);
    }

    /// @notice Whole percent; with feePct at most 100. Errors: NotGovernance, InvalidPercentages.
    function setValidatorRewardPct(uint256 pct) external onlyOwner {
        _checkPercentages(feePct, pct);
        validatorRewardPct = pct;
        emit ParameterUpdated("validatorRewardPct", pct);
    }

    /// @notice Base units that a job locks of its agent's stake. Errors: NotGovernance.
    function setJobStake(uint96 amount) public onlyOwner {
        jobStake = amount;
        emit ParameterUpdated("jobStake", amount);
    }

    /// @notice Largest reward in base units; 0 lifts the limit. Errors: NotGovernance.
    function setMaxJobReward(uint256 amount) public onlyOwner {
        maxJobReward = amount;
        emit ParameterUpdated("maxJobReward", amount);
    }

    /// @notice Both at once, base units. Errors: NotGovernance.
    function setJobParameters(uint256 maxReward, uint96 stake) external {
        setMaxJobReward(maxReward);
        setJobStake(stake);
    }

    /// @notice Longest time to a deadline in seconds; 0 lifts the limit. Errors: NotGovernance.
    function setJobDurationLimit(uint256 seconds_) external onlyOwner {
        maxJobDuration = seconds_;
        emit ParameterUpdated("maxJobDuration", seconds_);
    }

    /// @notice Base units that an agent must have staked. Errors: NotGovernance.
    function setMinAgentStake(uint256 amount) external onlyOwner {
        minAgentStake = amount;
        emit ParameterUpdated("minAgentStake", amount);
    }

    /// @notice Most jobs an agent may have at a time; 0 lifts the limit. Errors: NotGovernance.
    function setMaxActiveJobsPerAgent(uint256 limit) external onlyOwner {
        maxActiveJobsPerAgent = limit;
        emit ParameterUpdated("maxActiveJobsPerAgent", limit);
    }

    /// @notice Seconds after the deadline before a job can be taken home. Errors: NotGovernance.
    function setExpirationGracePeriod(uint256 seconds_) external onlyOwner {
        expirationGracePeriod = seconds_;
        emit ParameterUpdated("expirationGracePeriod", seconds_);
    }

    /// @notice Asks everyone to acknowledge a tax policy; 0 asks nothing. Errors: NotGovernance.
    function setTaxPolicyVersion(uint256 version) external onlyOwner {
        taxPolicyVersion = version;
        emit ParameterUpdated("taxPolicyVersion", version);
    }

    function _checkPercentages(uint256 fee, uint256 validators) internal pure {
        if (fee > 100 || validators > 100 || fee + validators > 100) revert Errors.InvalidPercentages();
    }

    function _state(uint256 jobId) internal view returns (State) {
        return State(_read(jobs[jobId].packedMetadata, STATE, 3));
    }

    function _field(uint256 jobId, uint8 offset, uint8 width) internal view returns (uint256) {
        return _read(jobs[jobId].packedMetadata, offset, width);
    }

    function _setField(uint256 jobId, uint8 offset, uint8 width, uint256 value) internal {
        uint256 mask = ((uint256(1) << width) - 1) << offset;
        jobs[jobId].packedMetadata = (jobs[jobId].packedMetadata & ~mask) | (value << offset);
    }

    function _setState(uint256 jobId, State state) internal {
        _setField(jobId, STATE, 3, uint256(state));
    }

    function _read(uint256 packed, uint8 offset, uint8 width) private pure returns (uint256) {
        return (packed >> offset) & ((uint256(1) << width) - 1);
    }
}
