// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Errors} from "./Errors.sol";
import {IIdentityRegistry, IJobRegistry, IStakeManager} from "./Interfaces.sol";
import {Module} from "./Module.sol";

/// @title Who may judge, for how long, and what counts as a yes
abstract contract VotingRules is Module {
    IJobRegistry public jobRegistry;
    IStakeManager public stakeManager;
    IIdentityRegistry public identityRegistry;

    /// @notice Seconds to commit, counted from the choice of the committee.
    uint256 public commitWindow;
    /// @notice Seconds to reveal, counted from the end of the commit window.
    uint256 public revealWindow;
    /// @notice Validators per job.
    uint256 public committeeSize;
    /// @notice Least size of the pool.
    uint256 public minValidators = 3;
    /// @notice Whole percent of the revealed stake, and of the committee's heads (rounded up), that must approve.
    uint256 public approvalThreshold = 66;
    /// @notice Whole percent of the committee (rounded up) that must reveal.
    uint256 public revealQuorumPct = 67;
    /// @notice Seconds after the reveal window before a round without quorum can be ended.
    uint256 public forceFinalizeGrace = 3600;
    address[] private _pool;

    event ParameterUpdated(string name, uint256 value);
    event ValidatorPoolUpdated(address[] pool);

    constructor(uint256 commitWindow_, uint256 revealWindow_, uint256 committee_) {
        _checkWindow(commitWindow_);
        _checkWindow(revealWindow_);
        if (committee_ == 0) revert Errors.InvalidAmount();
        (commitWindow, revealWindow, committeeSize) = (commitWindow_, revealWindow_, committee_);
    }

    /// @notice All validators that may be chosen.
    function validatorPool() external view returns (address[] memory) {
        return _pool;
    }

    /// @notice Reveals that a committee of this size needs.
    function quorum(uint256 committee) public view returns (uint256) {
        return Math.ceilDiv(committee * revealQuorumPct, 100);
    }

    /// @notice Replaces the pool. Errors: NotGovernance.
    function setValidatorPool(address[] calldata pool) external onlyOwner {
        _pool = pool;
        emit ValidatorPoolUpdated(pool);
    }

    /// @notice Names the other modules. Errors: NotGovernance.
    function setModules(IJobRegistry registry, IStakeManager stakes, IIdentityRegistry identities) external onlyOwner {
        (jobRegistry, stakeManager, identityRegistry) = (registry, stakes, identities);
    }

    /// @notice Seconds, above 0; holds for committees chosen later. Errors: NotGovernance, InvalidAmount.
    function setCommitWindow(uint256 seconds_) external onlyOwner {
        _checkWindow(seconds_);
        commitWindow = seconds_;
        emit ParameterUpdated("commitWindow", seconds_);
    }

    /// @notice Seconds, above 0; holds for committees chosen later. Errors: NotGovernance, InvalidAmount.
    function setRevealWindow(uint256 seconds_) external onlyOwner {
        _checkWindow(seconds_);
        revealWindow = seconds_;
        emit ParameterUpdated("revealWindow", seconds_);
    }

    /// @notice Validators per job, above 0. Errors: NotGovernance, InvalidAmount.
    function setValidatorsPerJob(uint256 size) external onlyOwner {
        if (size == 0) revert Errors.InvalidAmount();
        committeeSize = size;
        emit ParameterUpdated("committeeSize", size);
    }

    /// @notice Least size of the pool. Errors: NotGovernance.
    function setMinValidators(uint256 size) external onlyOwner {
        minValidators = size;
        emit ParameterUpdated("minValidators", size);
    }

    /// @notice Whole percent, 1 to 100. Errors: NotGovernance, InvalidPercentages.
    function setApprovalThreshold(uint256 pct) external onlyOwner {
        if (pct == 0 || pct > 100) revert Errors.InvalidPercentages();
        approvalThreshold = pct;
        emit ParameterUpdated("approvalThreshold", pct);
    }

    /// @notice Whole percent, 1 to 100. Errors: NotGovernance, InvalidPercentages.
    function setRevealQuorum(uint256 pct) external onlyOwner {
        if (pct == 0 || pct > 100) revert Errors.InvalidPercentages();
        revealQuorumPct = pct;
        emit ParameterUpdated("revealQuorumPct", pct);
    }

    /// @notice Seconds. Errors: NotGovernance.
    function setForceFinalizeGrace(uint256 seconds_) external onlyOwner {
        forceFinalizeGrace = seconds_;
        emit ParameterUpdated("forceFinalizeGrace", seconds_);
    }

    function _checkWindow(uint256 seconds_) private pure {
        if (seconds_ == 0) revert Errors.InvalidAmount();
    }

    function _checkIdentity(string calldata subdomain, bytes32[] calldata proof) internal view {
        (bool ok,,,) = identityRegistry.verifyValidator(_msgSender(), subdomain, proof);
        if (!ok || bytes(subdomain).length == 0) revert Errors.UnauthorizedValidator();
    }

    /// @dev By stake and by heads: neither one rich validator nor many poor ones decide alone.
    function _approved(uint256 yes, uint256 no, uint256 heads, uint256 committee) internal view returns (bool) {
        return yes * 100 >= (yes + no) * approvalThreshold
            && heads >= Math.ceilDiv(committee * approvalThreshold, 100);
    }

    /// @dev The first part of a Fisher-Yates shuffle over those of the pool who have stake.
    function _draw(uint256 jobId, uint256 seed) internal view returns (address[] memory chosen) {
        (address[] memory able, uint256 n) = _eligible(jobId);
        if (n < committeeSize) revert Errors.InsufficientValidators();
        chosen = new address[](committeeSize);
        for (uint256 i = 0; i < chosen.length; i++) {
            uint256 j = i + (uint256(keccak256(abi.encode(seed, i))) % (n - i));
            (able[i], able[j]) = (able[j], able[i]);
            chosen[i] = able[i];
        }
    }

    /// @dev Nobody judges his own job.
    function _eligible(uint256 jobId) private view returns (address[] memory able, uint256 n) {
        if (_pool.length < minValidators) revert Errors.ValidatorPoolTooSmall();
        (address employer, address agent) = jobRegistry.participants(jobId);
        able = new address[](_pool.length);
        for (uint256 i = 0; i < _pool.length; i++) {
            address v = _pool[i];
            uint256 staked = stakeManager.stakeOf(v, 1);
            if (v == employer || v == agent || staked == 0 || staked < stakeManager.roleMinimumStake(1)) continue;
            able[n++] = v;
        }
    }
}
